/** One call of the REST API. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  /** JSON, sent as it is. */
  readonly body?: string
}

export interface Reply {
  readonly status: number
  readonly text: string
  /** What a store itself said to a statement that failed; known only where the stores are opened by this process. */
  readonly cause?: string | undefined
}

/** The way to a gateway: a running one over HTTP, or one of this process. Both answer alike. */
export interface Door {
  send(call: Call): Promise<Reply>
  close(): Promise<void>
}
