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

// White space is what has the property White_Space of Unicode, and U+001C to U+001F.
const SPACE = String.raw`[\p{White_Space}\u001c-\u001f]*`
const PAD = String.raw`[\p{White_Space}\u001c-\u001f\ufeff]*`
const WORD = '[Ff][Ii][Ll][Tt][Ee][Rr][Ss]?'
const NEAR = new RegExp(String.raw`^${PAD}\?*${PAD}\$?${WORD}${PAD}((\[[^\[\]=]*\])+|\.[^=]+)?${PAD}(=|$)`, 'u')
const JOINED = new RegExp(`;${SPACE}filter *$`, 'u')

// Whether one character is added, missing or another one, or two neighbours have changed places.
function isOneEditAway(key) {
  const wanted = 'filter'
  const found = key.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
  let same = 0
  while (same < wanted.length && found[same] === wanted[same]) same += 1
  const [rest, left] = [Array.from(found.slice(same)), wanted.slice(same)]
  const tail = rest.slice(1).join('')
  return tail === left || tail === left.slice(1) || rest.join('') === left.slice(1)
    || (left.length > 1 && rest.join('') === left[1] + left[0] + left.slice(2))
}

// Also of `filter` itself.
const isNearKey = (key) => NEAR.test(key) || isOneEditAway(key) || JOINED.test(key)

// Decoded pairs; `asGiven` is the value as it stands in a query.
export function fromPairs(pairs) {
  const texts = []
  for (const [key, value, asGiven] of pairs) {
    if (key === 'filter') { texts.push(value); continue }
    if (isNearKey(key) || /[!<>~]|==/.test(key) || value.startsWith('=')) throw new Refused('key')
    if (asGiven === undefined) continue
    const mark = key.lastIndexOf('?')
    if (/[^ ?]/.test(key.slice(0, mark)) && isNearKey(key.slice(mark + 1))) throw new Refused('path')
    if (asGiven.includes(';filter=') || /^(=|%3[Dd])/.test(asGiven)) throw new Refused('value')
  }
  return parseFilters(texts)
}

export function fromQuery(query) {
  const text = query.startsWith('?') ? query.slice(1) : query
  const path = /^([^=&]*)\?/.exec(text)
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(query) || (path && /[^ +?]/.test(path[1]))) throw new Refused('path')
  return fromPairs(text.split('&').map((piece) => {
    const at = piece.indexOf('=')
    const key = decodePercent((at < 0 ? piece : piece.slice(0, at)).replaceAll('+', ' '))
    const value = at < 0 ? '' : piece.slice(at + 1)
    return key === 'filter' ? [key, decodePercent(value.replaceAll('+', ' '))] : [key, value, value]
  }))
}
