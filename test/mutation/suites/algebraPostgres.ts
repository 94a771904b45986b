import { algebra } from './algebra.ts'

export default algebra('postgres')
