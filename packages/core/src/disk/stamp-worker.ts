import { workerData } from 'node:worker_threads'
import { compareStamps, joinComparison, type SharedComparison } from './stamp-comparison.ts'

compareStamps(joinComparison(workerData as SharedComparison), 'backward')
