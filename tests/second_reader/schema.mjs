// Matching with a schema: what a dimension's type makes of a record's value.
import { fromExported, fromMilliseconds, Instant } from './instants.mjs'
import { asItIs, matches, textOf } from './matching.mjs'
import { Decimal, isNumber, toDecimal } from './numbers.mjs'

const UNREADABLE = Symbol()

function asNumber(value) {
  if (typeof value === 'string' && isNumber(value)) return /[.eE]/.test(value) ? Number(value) : BigInt(value)
  return typeof value === 'bigint' || typeof value === 'number' || value instanceof Decimal ? value : UNREADABLE
}

function asBoolean(value) {
  if (typeof value === 'boolean') return value
  const text = typeof value === 'string' ? value.toLowerCase() : ''
  if (text === 'true' || text === '1') return true
  if (text === 'false' || text === '0') return false
  if (value === 1n || value === 1) return true
  if (value === 0n || value === 0) return false
  if (value instanceof Decimal) {
    if (value.coefficient === 0n) return false
    if (textOf(value).replace(/\.0+$/, '') === '1') return true
  }
  return UNREADABLE
}

function asDatetime(value) {
  if (value instanceof Instant) return value
  if (typeof value === 'string') return fromExported(value) ?? UNREADABLE
  if (typeof value === 'bigint') return fromMilliseconds(new Decimal(value))
  if (value instanceof Decimal) return fromMilliseconds(value)
  return Number.isFinite(value) ? fromMilliseconds(exactly(value)) : UNREADABLE
}

// The decimal that a double is, digit for digit.
function exactly(double) {
  let [number, halvings] = [double, 0]
  while (!Number.isInteger(number)) {
    number *= 2
    halvings += 1
  }
  return new Decimal(BigInt(number) * 5n ** BigInt(halvings), BigInt(-halvings))
}

const asText = (value) => textOf(value) ?? UNREADABLE
const READERS = {
  text: asText,
  enum: asText,
  integer: asNumber,
  number: asNumber,
  boolean: asBoolean,
  datetime: asDatetime,
  object: (value) => value,
  map: (value) => value,
}

// The dimension of a name: by the whole name, or among the fields of the dimension of its first segment.
function dimensionOf(dimensions, name) {
  if (Object.hasOwn(dimensions, name)) return dimensions[name]
  const [first, ...rest] = name.split('.')
  if (rest.length === 0 || !Object.hasOwn(dimensions, first)) return undefined
  return dimensionOf(dimensions[first].fields ?? {}, rest.join('.'))
}

export function matchesWithSchema(filters, record, { dimensions, aliases = {} }) {
  const resolve = (name) => (Object.hasOwn(aliases, name) ? aliases[name] : name)
  return matches(filters, record, resolve, (name) => {
    const dimension = dimensionOf(dimensions, name)
    if (dimension === undefined) return asItIs
    const { type, values = [] } = typeof dimension === 'string' ? { type: dimension } : dimension
    const kind = type.replace(/^list of /, '')
    const isValue = ['text', 'object', 'map'].includes(kind) || (kind === 'enum' && values.includes(''))
    return (value) => {
      if (value === '' && !isValue) return null
      const read = READERS[kind](value)
      return { value: read, text: typeof value === 'string' ? value : textOf(read) }
    }
  })
}
