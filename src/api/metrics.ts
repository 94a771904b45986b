import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { FaultCode } from '../base/faults.ts'
import type { Answer } from '../gateway/answerTypes.ts'
import type { Caller } from '../gateway/caller.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Observer } from '../gateway/observer.ts'

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** What Prometheus reads at /metrics. Labels are few and of our own: no key, no name of a tenant, no text of a caller. */
export class Metrics implements Observer {
  readonly #registry = new Registry()
  readonly #requests: Histogram<'route' | 'method' | 'status' | 'role'>
  readonly #questions: Counter<'outcome' | 'role'>
  readonly #statements: Histogram<'store' | 'engine' | 'outcome'>
  readonly #limited: Counter<'role'>

  /** Series of requests by their labels: finding one by an object costs more than counting in it. */
  readonly #series = new Map<string, ReturnType<Histogram<'route' | 'method' | 'status' | 'role'>['labels']>>()

  readonly #answered = new Map<string, ReturnType<Counter<'outcome' | 'role'>['labels']>>()

  constructor() {
    const registers = [this.#registry]
    collectDefaultMetrics({ register: this.#registry })
    this.#requests = new Histogram({
      name: 'oneservice_http_request_seconds',
      help: 'Requests by route, method, status and role of the caller.',
      labelNames: ['route', 'method', 'status', 'role'],
      buckets: SECONDS,
      registers,
    })
    this.#questions = new Counter({
      name: 'oneservice_questions_total',
      help: 'Questions by outcome: hit, stale, collapsed, miss, or the code of a refusal.',
      labelNames: ['outcome', 'role'],
      registers,
    })
    this.#statements = new Histogram({
      name: 'oneservice_statement_seconds',
      help: 'Statements by store, engine and outcome: ok, or the code of a fault.',
      labelNames: ['store', 'engine', 'outcome'],
      buckets: SECONDS,
      registers,
    })
    this.#limited = new Counter({
      name: 'oneservice_rate_limited_total',
      help: 'Requests refused with 429, by role.',
      labelNames: ['role'],
      registers,
    })
  }

  /** Adds what a gateway tells of itself when it is asked. */
  watch({ cache, snapshot }: Pick<Gateway, 'cache' | 'snapshot'>, redisIsUp: (() => boolean) | undefined): void {
    const gauge = (name: string, help: string, read: () => number): void => {
      const registers = [this.#registry]
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read())
        },
      })
    }
    gauge('oneservice_cache_bytes', 'Bytes of answers kept in the process.', () => cache.usage.bytes)
    gauge('oneservice_cache_entries', 'Answers kept in the process.', () => cache.usage.entries)
    gauge('oneservice_epoch', 'Epoch of the newest publication seen.', () => snapshot().epoch)
    if (redisIsUp !== undefined) gauge('oneservice_redis_up', '1 while Redis answers.', () => Number(redisIsUp()))
  }

  request(route: string, method: string, status: number, role: string, seconds: number): void {
    const key = `${route} ${method} ${status} ${role}`
    const series = this.#series.get(key) ?? this.#requests.labels({ route, method, status: String(status), role })
    this.#series.set(key, series)
    series.observe(seconds)
  }

  limited({ role }: Caller): void {
    this.#limited.inc({ role })
  }

  statement(store: string, engine: string, milliseconds: number, outcome: 'ok' | FaultCode): void {
    this.#statements.observe({ store, engine, outcome }, milliseconds / 1000)
  }

  question({ role }: Caller, outcome: Answer['delivery'] | FaultCode): void {
    const told = typeof outcome === 'string' ? outcome : outcome.collapsed ? 'collapsed' : outcome.outcome
    const key = `${told} ${role}`
    const series = this.#answered.get(key) ?? this.#questions.labels({ outcome: told, role })
    this.#answered.set(key, series)
    series.inc()
  }

  /** The text that Prometheus reads, and its media type. */
  async text(): Promise<{ readonly type: string; readonly body: string }> {
    return { type: this.#registry.contentType, body: await this.#registry.metrics() }
  }
}
