// Exact numbers: integers are BigInt, doubles are Number, and decimals are coefficients with an exponent of ten.

const NUMBER = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/

export const isNumber = (text) => NUMBER.test(text)

export class Decimal {
  constructor(coefficient, exponent = 0n) {
    this.coefficient = coefficient
    this.exponent = exponent
  }
}

// The decimal that a text in JSON's number syntax, or of a vector, stands for.
export function toDecimal(text) {
  const [mantissa, exponent = '0'] = text.toLowerCase().split('e')
  const [whole, fraction = ''] = mantissa.split('.')
  const coefficient = BigInt((whole + fraction).replace('-', ''))
  return new Decimal(text.startsWith('-') ? -coefficient : coefficient, BigInt(exponent) - BigInt(fraction.length))
}

const sign = (number) => (number > 0n ? 1 : number < 0n ? -1 : 0)
const digits = (number) => BigInt(String(number).replace('-', '').length)

// Less than, equal to or greater than zero, as a is to b; huge exponents are never written out.
export function compareDecimals(a, b) {
  if (sign(a.coefficient) !== sign(b.coefficient) || a.coefficient === 0n) return sign(a.coefficient) - sign(b.coefficient)
  const lengths = a.exponent + digits(a.coefficient) - b.exponent - digits(b.coefficient)
  if (lengths !== 0n) return sign(lengths) * sign(a.coefficient)
  const shift = a.exponent - b.exponent
  const left = shift > 0n ? a.coefficient * 10n ** shift : a.coefficient
  const right = shift < 0n ? b.coefficient * 10n ** -shift : b.coefficient
  return sign(left - right)
}

export function integerText(integer) {
  const isLarge = integer >= 10n ** 21n || integer <= -(10n ** 21n)
  return isLarge && Number.isFinite(Number(integer)) ? String(Number(integer)) : String(integer)
}

export function decimalText({ coefficient, exponent }) {
  if (exponent >= 0n) return coefficient === 0n ? '0' : String(coefficient) + '0'.repeat(Number(exponent))
  const places = Number(-exponent)
  const all = String(coefficient).replace('-', '').padStart(places + 1, '0')
  return (coefficient < 0n ? '-' : '') + all.slice(0, -places) + '.' + all.slice(-places)
}

// The whole part.
export function truncate({ coefficient, exponent }) {
  if (exponent >= 0n) return new Decimal(coefficient, exponent)
  return new Decimal(-exponent > digits(coefficient) ? 0n : coefficient / 10n ** -exponent)
}
