// Dates and times: a count of microseconds since 1970, as a decimal.
import { Decimal, truncate } from './numbers.mjs'

export class Instant {
  // `text` is what patterns see; a time beyond the calendar has none.
  constructor(microseconds, text) {
    this.microseconds = microseconds
    this.text = text
  }
}

const TIME = String.raw`([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.]([0-9]+))?)?`
const DATE = String.raw`([0-9]{4})-([0-9]{2})-([0-9]{2})`
const WRITTEN = new RegExp(`^${DATE}(?:T${TIME}(?:Z|([+-])([0-9]{2}):([0-9]{2}))?)?$`)
const EXPORTED = new RegExp(
  `^${DATE}[Tt ]${TIME.replace('[.]', '[.,]')}(?:[Zz]| UTC|([+-])([0-9]{2})(?::?([0-9]{2}))?)?$`)

function fromParts(found) {
  if (!found) return null
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map((part) => Number(part ?? 0))
  const [zoneHour, zoneMinute] = found.slice(9, 11).map((part) => Number(part ?? 0))
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  if (year === 0 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null
  if (hour > 23 || minute > 59 || second > 59 || zoneHour > 23 || zoneMinute > 59) return null
  const offset = (zoneHour * 60 + zoneMinute) * (found[8] === '-' ? -1 : 1)
  const seconds = date.getTime() / 1000 + hour * 3600 + (minute - offset) * 60 + second
  return BigInt(seconds) * 1000000n + BigInt((found[7] ?? '').slice(0, 6).padEnd(6, '0'))
}

// The text of microseconds as a date and time in UTC, or null beyond the calendar.
function timeText(microseconds) {
  const second = microseconds - ((microseconds % 1000000n) + 1000000n) % 1000000n
  const date = new Date(Number(second / 1000n))
  if (!(date.getUTCFullYear() >= 1 && date.getUTCFullYear() <= 9999)) return null
  const fraction = String(microseconds - second).padStart(6, '0').replace(/0+$/, '')
  return date.toISOString().slice(0, 19) + (fraction && '.' + fraction) + 'Z'
}

const fromMicroseconds = (count) => new Instant(new Decimal(count), timeText(count))

function read(text, pattern) {
  if (/^-?[0-9]+$/.test(text)) return fromMicroseconds(BigInt(text) * 1000n)
  const count = fromParts(pattern.exec(text))
  return count === null ? null : fromMicroseconds(count)
}

// Each returns null for what is no date: as rule 2 reads it, and as a schema does.
export const fromText = (text) => read(text, WRITTEN)
export const fromExported = (text) => fromText(text) ?? read(text, EXPORTED)
export const fromDate = (text) => new Instant(fromText(text).microseconds, text)

// Epoch milliseconds, as a Decimal, of any size.
export function fromMilliseconds({ coefficient, exponent }) {
  const whole = truncate(new Decimal(coefficient, exponent + 3n))
  if (whole.coefficient === 0n) return fromMicroseconds(0n)
  if (whole.exponent > 30n) return new Instant(whole, null)
  return fromMicroseconds(whole.coefficient * 10n ** whole.exponent)
}
