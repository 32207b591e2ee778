// Texts of filters and query strings, as docs/reference/language.md describes them.

export class Refused extends Error {}
const CONTROL = /[\u0000-\u001f\u007f-\u009f]|\p{Surrogate}/u
const trim = (text) => text.replace(/^ +/, '').replace(/ +$/, '')

export function parseName(text) {
  const segments = text.split('.').map(trim)
  for (const segment of segments) {
    if (segment === '' || CONTROL.test(segment) || /[=!<>~;,\\]/.test(segment)) throw new Refused('name')
  }
  return segments.join('.')
}

// The characters of an expression: [character, whether it was escaped].
export function parseExpression(text) {
  const units = []
  const points = Array.from(text)
  for (let at = 0; at < points.length; at++) {
    if (points[at] === '\\') {
      at += 1
      if (at === points.length || !'\\,;*?= '.includes(points[at])) throw new Refused('escape')
      units.push([points[at], true])
    } else {
      if (',;'.includes(points[at]) || CONTROL.test(points[at])) throw new Refused('character')
      units.push([points[at], false])
    }
  }
  while (units.length && units[0][0] === ' ' && !units[0][1]) units.shift()
  while (units.length && units.at(-1)[0] === ' ' && !units.at(-1)[1]) units.pop()
  return units
}

function parseClause(text) {
  const start = text.search(/[=!<>~]/)
  if (start < 0) throw new Refused('no operator')
  const found = /^(==|!=|=@|!~|<=|>=|<|>|~)/.exec(text.slice(start))
  if (!found) throw new Refused('operator')
  const name = parseName(text.slice(0, start))
  const operator = found[0] === '=@' ? '~' : found[0]
  const units = parseExpression(text.slice(start + found[0].length))
  if (units.length === 0 && operator !== '==' && operator !== '!=') throw new Refused('empty')
  return { name, operator, units }
}

export function parseFilter(text) {
  const pieces = text.match(/(?:\\[^]|[^;\\]|\\$)+|;/gu) ?? []
  const clauses = ['']
  for (const piece of pieces) {
    if (piece === ';') clauses.push('')
    else clauses[clauses.length - 1] += piece
  }
  if (clauses.length > 1 && trim(clauses.at(-1)) === '') clauses.pop()
  return clauses.map(parseClause)
}

export const isLike = (clause) => clause.operator === '~' || clause.operator === '!~'
export const parseFilters = (texts) => texts.filter((text) => trim(text) !== '').map(parseFilter)
export const plainText = (clause) => clause.units.map((unit) => unit[0]).join('')

export function canonicalExpression(clause) {
  let units = clause.units
  if (isLike(clause)) {
    const star = (unit) => unit !== undefined && unit[0] === '*' && !unit[1]
    units = units.filter((unit, at) => !(star(unit) && star(units[at - 1])))
  }
  return units.map(([character, escaped], at) => {
    const needed = '\\,;'.includes(character)
      || (character === ' ' && (at === 0 || at === units.length - 1))
      || (character === '=' && at === 0)
      || ('*?'.includes(character) && escaped && isLike(clause))
    return needed ? '\\' + character : character
  }).join('')
}

export const canonical = (filter) => filter.map((c) => c.name + c.operator + canonicalExpression(c)).join(';')

export function toQuery(filters) {
  const encode = (text) => encodeURIComponent(text)
    .replace(/[!'()*]/g, (c) => '%' + c.charCodeAt(0).toString(16).toUpperCase())
  return filters.map((filter) => 'filter=' + encode(canonical(filter))).join('&')
}

function decodePercent(text) {
  try { return decodeURIComponent(text) } catch { throw new Refused('percent sequence') }
}

function isNearMiss(key) {
  if (key.endsWith(';filter') || key.startsWith('filter=')) return true
  let bare = key.replace(/^[\s\ufeff]+|[\s\ufeff]+$/g, '').replace(/^[?$]/, '').toLowerCase()
  bare = bare.replace(/[[.].*$/s, '').replace(/[\s\ufeff]+$/g, '')
  if (bare === 'filter' || bare === 'filters') return true
  const wanted = 'filter'
  const low = key.toLowerCase()
  for (let at = 0; at <= 6; at++) {
    const head = wanted.slice(0, at)
    if (low === head + wanted.slice(at + 1)) return true
    if (low.length === 6 && low.slice(0, at) === head && low.slice(at + 1) === wanted.slice(at + 1)) return true
    if (low.length === 7 && low.slice(0, at) === head && low.slice(at + 1) === wanted.slice(at)) return true
    if (at < 5 && low === head + wanted[at + 1] + wanted[at] + wanted.slice(at + 2)) return true
  }
  return false
}

export function fromPairs(pairs) {
  const texts = []
  for (const [key, value] of pairs) {
    if (key === 'filter') { texts.push(value); continue }
    if (isNearMiss(key) || /[!<>~]|==/.test(key) || value.startsWith('=') || value.includes(';filter=')) {
      throw new Refused('key')
    }
  }
  return parseFilters(texts)
}

export function fromQuery(query) {
  const text = query.startsWith('?') ? query.slice(1) : query
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || text.split(/[=&]/)[0].includes('?')) throw new Refused('path')
  return fromPairs(text.split('&').filter((piece) => piece !== '').map((piece) => {
    const at = piece.indexOf('=')
    const key = decodePercent((at < 0 ? piece : piece.slice(0, at)).replaceAll('+', ' '))
    const value = (at < 0 ? '' : piece.slice(at + 1)).replaceAll('+', ' ')
    return [key, key === 'filter' ? decodePercent(value) : value]
  }))
}
