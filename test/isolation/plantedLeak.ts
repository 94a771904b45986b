/** One text of a file of src that is replaced while it is loaded. */
export interface Edit {
  readonly file: string
  readonly find: string
  readonly replace: string
}

/** A mistake that the run must find, and how it shows: in names, in figures, or by what is broken then. */
export interface PlantedLeak {
  readonly name: string
  readonly shows: 'names' | 'figures' | 'broken'
  readonly edits: readonly Edit[]
}

/** One text replaced. */
export function edit(file: string, find: string, replace: string): Edit {
  return { file, find, replace }
}

/** A leak of one edit. */
export function leak(
  name: string,
  shows: PlantedLeak['shows'],
  file: string,
  find: string,
  replace: string,
): PlantedLeak {
  return { name, shows, edits: [edit(file, find, replace)] }
}
