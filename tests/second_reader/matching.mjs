// What a clause means for a record: rules 1 to 8 of docs/reference/language.md.
import { fromText, Instant } from './instants.mjs'
import { isLike, plainText } from './language.mjs'
import { compareDecimals, Decimal, decimalText, integerText, isNumber, toDecimal } from './numbers.mjs'
import { Attributes, Uuid } from './values.mjs'

// --- Text (rules 3 and 7) --------------------------------------------------------------------------

const foldOne = (character) => (character === 'İ' ? 'i' : character === 'ς' ? 'σ' : character.toLowerCase())
const fold = (text) => Array.from(text, foldOne)

// What patterns see, or null where there is none.
export function textOf(value) {
  if (typeof value === 'string') return value
  if (typeof value === 'bigint') return integerText(value)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (value instanceof Decimal) return decimalText(value)
  if (value instanceof Instant || value instanceof Uuid) return value.text
  return null
}

// Whether folded characters are like units of a pattern, in at most length × length steps.
function isLikePattern(characters, units) {
  let [at, unit, star, from] = [0, 0, -1, 0]
  while (at < characters.length) {
    const [character, escaped] = units[unit] ?? []
    if (character === '*' && !escaped) {
      star = unit
      from = at
      unit += 1
    } else if ((character === '?' && !escaped) || (character !== undefined && foldOne(character) === characters[at])) {
      at += 1
      unit += 1
    } else if (star >= 0) {
      from += 1
      at = from
      unit = star + 1
    } else {
      return false
    }
  }
  return units.slice(unit).every(([character, escaped]) => character === '*' && !escaped)
}

// --- One value (rule 2) ----------------------------------------------------------------------------

function compareTexts(a, b) {
  const [left, right] = [fold(a), fold(b)]
  for (let at = 0; at < left.length && at < right.length; at++) {
    if (left[at] !== right[at]) return left[at].codePointAt(0) - right[at].codePointAt(0)
  }
  return left.length - right.length
}

// As the value is to the expression: negative, 0, positive, or NaN where it can't be read.
function compare(value, expression) {
  if (typeof value === 'string') return compareTexts(value, expression)
  if (value instanceof Uuid) return compareTexts(value.text, expression)
  if (value instanceof Instant) {
    const instant = fromText(expression)
    return instant === null ? NaN : compareDecimals(value.microseconds, instant.microseconds)
  }
  if (!isNumber(expression)) return NaN
  if (typeof value === 'bigint') return compareDecimals(new Decimal(value), toDecimal(expression))
  if (value instanceof Decimal) return compareDecimals(value, toDecimal(expression))
  if (typeof value !== 'number') return NaN
  const other = Number(expression)
  return value < other ? -1 : value > other ? 1 : 0
}

// Whether one value that isn't missing passes the clause, or for != and !~ its complement.
function passes({ clause }, { value, text }) {
  if (isLike(clause)) return text !== null && isLikePattern(fold(text), clause.units)
  const expression = plainText(clause)
  if (typeof value === 'boolean') {
    return (clause.operator === '==' || clause.operator === '!=') && expression.toLowerCase() === String(value)
  }
  const order = compare(value, expression)
  switch (clause.operator) {
    case '<': return order < 0
    case '<=': return order <= 0
    case '>': return order > 0
    case '>=': return order >= 0
    default: return order === 0
  }
}

// --- Lists and missing values (rules 4 and 5) ------------------------------------------------------

// The values in a list, without those that are missing; of a scalar, itself.
const elements = (value) => [value].flat(Infinity).filter((element) => element !== null && element !== undefined)
const isNegative = (part) => part.negative

function holdsOf(part, value) {
  const seen = elements(value).map(part.read).filter((one) => one !== null)
  const found = seen.length === 0
    ? !isLike(part.clause) && part.clause.units.length === 0
    : seen.some((one) => passes(part, one))
  return found !== part.negative
}

// --- Names and groups (rules 1 and 6) --------------------------------------------------------------

// Where a name leads from a record: the value at its end, or a list that it goes through.
function follow(record, segments) {
  let value = record
  for (let at = 0; at < segments.length; at++) {
    const rest = segments.slice(at)
    if (Array.isArray(value)) return { list: value, path: segments.slice(0, at).join('.'), rest }
    if (value instanceof Map) {
      if (value.has(rest.join('.'))) return { value: value.get(rest.join('.')) }
      value = value.get(segments[at])
    } else {
      value = value instanceof Attributes && !segments[at].startsWith('_')
        ? value.attributes.get(segments[at]) : undefined
    }
  }
  return { value }
}

function holdsInList(parts, list) {
  const inside = elements(list)
  if (inside.length === 0) return parts.every((part) => holdsOf(part, null))
  if (!parts.every(isNegative)) return inside.some((element) => holds(parts, element))
  return parts.every((part) => !inside.some((element) => holds([{ ...part, negative: false }], element)))
}

function holds(parts, record) {
  const groups = new Map()
  for (const part of parts) {
    const found = follow(record, part.segments)
    if (found.list === undefined) {
      if (!holdsOf(part, found.value)) return false
    } else {
      const group = groups.get(found.path) ?? { list: found.list, parts: [] }
      group.parts.push({ ...part, segments: found.rest })
      groups.set(found.path, group)
    }
  }
  return [...groups.values()].every((group) => holdsInList(group.parts, group.list))
}

export const asItIs = (value) => ({ value, text: textOf(value) })

// Whether a record matches one of the filters; `resolve` and `reading` are those of a schema.
export function matches(filters, record, resolve = (name) => name, reading = () => asItIs) {
  const from = Array.isArray(record) ? null : record
  return filters.length === 0 || filters.some((filter) => holds(filter.map((clause) => {
    const name = resolve(clause.name)
    return { clause, segments: name.split('.'), negative: clause.operator.startsWith('!'), read: reading(name) }
  }), from))
}
