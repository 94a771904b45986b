import { parseDay } from '../../../src/base/time.ts'
import { type Prepared, prepare } from '../../../src/gateway/prepare.ts'
import type { QuestionInput } from '../../../src/query/question.ts'
import { readQuestion } from '../../../src/query/readQuestion.ts'
import { completenessOf } from '../../../src/route/snapshot.ts'
import { compiled } from '../../support/shopCatalog.ts'

/** What callers ask of the shop; a part of each may be published, a part of each may be live. */
export interface Topic {
  readonly name: string
  readonly question: QuestionInput
  /** The table that is read live; undefined = published versions only. */
  readonly table: 'click_event' | 'sale' | undefined
  readonly versioned: boolean
}

/** A Friday morning in Shanghai. */
const NOW = Date.parse('2026-11-20T10:31:07+08:00')
const PUBLISHED = ['2026-11-16', '2026-11-17', '2026-11-18'] as const

/** Two that are live, two that are pinned, one that is both. */
export const TOPICS: readonly Topic[] = [
  {
    name: 'today',
    question: { metrics: ['clicks'], time: { range: 'today' } },
    table: 'click_event',
    versioned: false,
  },
  { name: 'sales', question: { metrics: ['gmv'], time: { range: 'last 7 days' } }, table: 'sale', versioned: false },
  {
    name: 'days',
    question: { metrics: ['clicks'], time: { range: [PUBLISHED[0], PUBLISHED[2]], grain: 'day' } },
    table: undefined,
    versioned: true,
  },
  {
    name: 'channels',
    question: { metrics: ['cost'], dimensions: ['channel'], time: { range: [PUBLISHED[1], PUBLISHED[2]] } },
    table: undefined,
    versioned: true,
  },
  {
    name: 'mixed',
    question: { metrics: ['clicks'], time: { range: 'last 3 days and today', grain: 'day' } },
    table: 'click_event',
    versioned: true,
  },
]

const CATALOG = compiled()
const known = new Map<string, Prepared>()

/** A topic as the gateway would prepare it, while this version is published and with the stream's store up or down. */
export function preparedOf(topic: Topic, seconds: number, version: number, down: boolean): Prepared {
  const name = `${topic.name} ${seconds} ${version} ${down}`
  const prepared = known.get(name) ?? prepareTopic(topic, seconds, version, down)
  known.set(name, prepared)
  // Each question is an object of its own, also one that was asked before.
  return { ...prepared }
}

function prepareTopic(topic: Topic, seconds: number, version: number, down: boolean): Prepared {
  const days = PUBLISHED.map((day): [number, number] => [parseDay(day) ?? Number.NaN, version])
  const completeness = completenessOf(new Map(days))
  return prepare(readQuestion({ ...topic.question, maxStaleness: seconds }), {
    catalog: CATALOG,
    now: NOW,
    scope: [],
    snapshot: { epoch: version, sources: new Map(['click_day', 'click_detail'].map((name) => [name, completeness])) },
    down: new Set(down ? ['realtime'] : []),
    silent: new Map(),
  })
}
