// The JSON form of filters, as docs/reference/language.md and grammar/filter.schema.json describe it.
import { Refused, isLike, parseExpression, parseName } from './language.mjs'

const CONTROL = /[\u0000-\u001f\u007f-\u009f]|\p{Surrogate}/u

function members(value, names) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new Refused('no object')
  if (Object.keys(value).sort().join() !== [...names].sort().join()) throw new Refused('members')
  return value
}

function list(value) {
  if (!Array.isArray(value)) throw new Refused('no list')
  return value
}

function text(value) {
  if (typeof value !== 'string' || CONTROL.test(value)) throw new Refused('no text')
  return value
}

function readClause(value) {
  const like = isLike(value ?? {})
  const clause = members(value, ['name', 'operator', like ? 'pattern' : 'expression'])
  if (!['==', '!=', '~', '!~', '<', '<=', '>', '>='].includes(clause.operator)) throw new Refused('operator')
  const units = like
    ? parseExpression(text(clause.pattern))
    : Array.from(text(clause.expression), (character) => [character, true])
  if (units.length === 0 && !['==', '!='].includes(clause.operator)) throw new Refused('empty')
  return { name: parseName(text(clause.name)), operator: clause.operator, units }
}

export function fromJson(value) {
  const query = members(value, ['version', 'filters'])
  if (query.version !== 1) throw new Refused('version')
  return list(query.filters).map((filter) => {
    if (list(filter).length === 0) throw new Refused('empty filter')
    return filter.map(readClause)
  })
}
