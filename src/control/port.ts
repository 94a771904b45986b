/** A version of a day whose rows are written and wait to be published. Days are YYYY-MM-DD in the process's zone. */
export interface StagedDay {
  readonly source: string
  readonly day: string
  readonly version: number
  readonly rowCount?: number
  readonly runId?: string
}

/** What batch writers may do with publications. */
export interface Publisher {
  /** Records versions as staged. A version that is already known is left as it is. */
  stage(days: readonly StagedDay[]): Promise<void>
  /** Makes the newest staged version of each day live, all of them in one transaction. */
  publish(requests: readonly { readonly source: string; readonly days: readonly string[] }[]): Promise<unknown>
}
