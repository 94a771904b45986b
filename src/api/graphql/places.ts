import { Fault, pointer } from '../../base/faults.ts'

type Path = readonly PropertyKey[]

/** Where the parts of a question stand in the document, so that a fault points at what the caller wrote. */
export class Places {
  readonly #known = new Map<string, string>()

  set(question: Path, document: Path): void {
    this.#known.set(pointer(question), pointer(document))
  }

  /** The same fault, its pointers into the arguments and selection of the field. */
  translate(fault: Fault): Fault {
    if (fault.errors.length === 0) return fault
    const errors = fault.errors.map((each) => ({ ...each, pointer: this.#find(each.pointer) }))
    return new Fault(fault.code, fault.message, { errors, cause: fault.cause })
  }

  /** By the longest beginning that is known; what follows it stays. */
  #find(written: string): string {
    for (let head = written; head !== ''; head = head.slice(0, head.lastIndexOf('/'))) {
      const place = this.#known.get(head)
      if (place !== undefined) return place + written.slice(head.length)
    }
    return written
  }
}
