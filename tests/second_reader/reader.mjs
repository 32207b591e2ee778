// A second reader of the filter language, written from its page alone: it judges page and vectors.
import { createInterface } from 'node:readline'
import * as language from './language.mjs'
import { fromJson } from './json_form.mjs'
import { matches } from './matching.mjs'
import { matchesWithSchema } from './schema.mjs'
import { toValue } from './values.mjs'

const asVector = (filter) => filter.map((clause) => ({
  name: clause.name,
  operator: clause.operator,
  ...(language.isLike(clause)
    ? { pattern: language.canonicalExpression(clause) }
    : { expression: language.plainText(clause) }),
}))
const decoded = (q) => (q.query !== undefined ? language.fromQuery(q.query)
  : q.params !== undefined ? language.fromPairs(q.params) : language.parseFilters(q.texts))

const levels = ['core', 'match', 'schema', 'json']

const answers = {
  hello: () => ({ implementation: 'second reader', version: '0.2', levels, lacks: ['dialect'] }),
  parse: (q) => (q.text !== undefined ? { filter: asVector(language.parseFilter(q.text)) }
    : { filters: language.parseFilters(q.texts).map(asVector) }),
  canonical: (q) => ({ canonical: language.canonical(language.parseFilter(q.text)) }),
  encode: (q) => {
    const filters = language.parseFilters(q.texts)
    return { query: language.toQuery(filters), params: filters.map((f) => ['filter', language.canonical(f)]) }
  },
  decode: (q) => ({ canonical: decoded(q).map(language.canonical) }),
  json: (q) => {
    if (q.texts !== undefined) return { json: { version: 1, filters: language.parseFilters(q.texts).map(asVector) } }
    try {
      return { canonical: fromJson(q.json).map(language.canonical) }
    } catch (error) {
      if (error instanceof language.Refused) return { invalid: true }
      throw error
    }
  },
  match: (q) => ({ matches: matches(language.parseFilters(q.filters), toValue(q.record)) }),
  match_schema: (q) => ({
    matches: matchesWithSchema(language.parseFilters(q.filters), toValue(q.record), q.schema),
  }),
  refused: (q) => {
    try {
      const filters = decoded(q)
      return { invalid: q.one === true && filters.length !== 1 }
    } catch (error) {
      if (error instanceof language.Refused) return { invalid: true }
      throw error
    }
  },
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer
  try {
    const question = JSON.parse(line)
    answer = answers[question.kind](question)
  } catch (error) {
    answer = { error: String(error) }
  }
  process.stdout.write(JSON.stringify(answer) + '\n')
}
