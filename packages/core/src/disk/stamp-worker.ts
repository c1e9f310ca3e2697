import { workerData } from 'node:worker_threads'
import { compareStamps, joinComparison, type SharedComparison } from './stamp-comparison.ts'

/** Input of the worker: the comparison that another thread has started. */
export type StampOrder = SharedComparison

compareStamps(joinComparison(workerData as StampOrder), 'backward')
