/** Serialised figures, and when they began to be read. */
export interface Entry {
  readonly key: string
  readonly packed: Buffer
  /** Id of the execution that gave the figures; receipts bear it, whoever gets them. */
  readonly queryId: string
  /** Hash of `packed`. */
  readonly tag: string
  /** On the cache's own clock; before the first statement began. */
  readonly bornAt: number
  readonly pinned: boolean
  /** What doors have made of it, by name; counted with it and forgotten with it. */
  readonly forms: Map<string, Form>
}

/** Bytes that a door has made, and of what: several figures may have gone into it. */
export interface Form {
  readonly tag: string
  readonly bytes: Buffer
}

/** An entry takes so many forms; the oldest gives way. */
const MOST_FORMS = 20

/** Adds a form to an entry. */
export function addForm({ forms }: Entry, name: string, form: Form): void {
  forms.delete(name)
  forms.set(name, form)
  const [oldest] = forms.keys()
  if (forms.size > MOST_FORMS && oldest !== undefined) forms.delete(oldest)
}
