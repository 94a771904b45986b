import { answerSuite } from '../support/answerSuite.ts'
import { servers } from '../support/setUps.ts'

answerSuite(servers)
