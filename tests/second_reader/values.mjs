// The values of records, as the vectors write them.
import { fromDate, fromText } from './instants.mjs'
import { toDecimal } from './numbers.mjs'

// An object that is walked by its attributes.
export class Attributes {
  constructor(attributes) { this.attributes = attributes }
}
export class Uuid {
  constructor(text) { this.text = text }
}
export class Bytes {}

const members = (object) => new Map(Object.entries(object).map(([key, value]) => [key, toValue(value)]))

// Missing values are null; integers are BigInt, doubles Number, mappings Map.
export function toValue(json) {
  if (Array.isArray(json)) return json.map(toValue)
  if (typeof json === 'number') return Number.isInteger(json) ? BigInt(json) : json
  if (json === null || typeof json !== 'object') return json
  if (!Object.hasOwn(json, '$type')) return members(json)
  const { $type: type, value } = json
  switch (type) {
    case 'int': return BigInt(value)
    case 'float': return toDouble(value)
    case 'decimal': return value === 'NaN' ? null : toDecimal(value)
    case 'date': return fromDate(value)
    case 'datetime': return fromText(value)
    case 'uuid': return new Uuid(value)
    case 'enum': return toValue(value)
    case 'bytes': return new Bytes()
    case 'object': return new Attributes(members(value))
    case 'mapping': return members(value)
  }
  throw new Error('unknown type')
}

function toDouble(text) {
  if (text === 'nan') return null
  if (text === 'inf' || text === '-inf') return text === 'inf' ? Infinity : -Infinity
  return Number(text)
}
