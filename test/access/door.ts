import type { FastifyInstance } from 'fastify'
import { buildServer } from '../../src/api/server.ts'
import type { Composition } from '../../src/compose.ts'

/** The methods that the tests send. */
export type Method = 'GET' | 'POST' | 'DELETE' | 'HEAD'

/** What a caller sends. */
export interface Request {
  readonly method?: Method
  readonly url: string
  /** What stands behind Bearer; none by default. */
  readonly credential?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON; a text is sent as it is. */
  readonly body?: unknown
}

/** What it is told. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
  /** The body as JSON; undefined where it is none. */
  readonly body: ReturnType<typeof JSON.parse>
}

/** A gateway, asked through its HTTP server without a socket. */
export class Door {
  readonly composition: Composition
  readonly #app: FastifyInstance

  private constructor(composition: Composition, app: FastifyInstance) {
    this.composition = composition
    this.#app = app
  }

  /** Puts the HTTP server before a gateway. */
  static async open(composition: Composition): Promise<Door> {
    const app = await buildServer(composition.api, { version: '0.0.0', logLevel: 'silent' })
    await app.ready()
    return new Door(composition, app)
  }

  async send({ method, url, credential, headers, body }: Request): Promise<Reply> {
    const response = await this.#app.inject({
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      url,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(credential === undefined ? {} : { authorization: `Bearer ${credential}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const { statusCode: status, headers: told, body: text } = response
    const isJson = String(told['content-type']).includes('json') && text !== ''
    return { status, headers: told, text, body: isJson ? JSON.parse(text) : undefined }
  }

  get(url: string, credential?: string): Promise<Reply> {
    return this.send({ url, credential })
  }

  /** Asks a question over REST, rows as arrays. */
  ask(question: unknown, credential?: string): Promise<Reply> {
    return this.send({ url: '/v1/query?shape=rows', body: question, credential })
  }

  graphql(query: string, credential?: string): Promise<Reply> {
    return this.send({ url: '/graphql', body: { query }, credential })
  }

  async close(): Promise<void> {
    await this.#app.close()
    await this.composition.close()
  }
}
