import { answerSuite } from '../support/answerSuite.ts'
import { embedded } from '../support/setUps.ts'

answerSuite(embedded)
