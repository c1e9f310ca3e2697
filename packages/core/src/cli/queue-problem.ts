import type { EventOf } from './event-text.ts'
import { withError } from './print-failures.ts'

/** Returns what a run or worker with a queue waits for. */
export function queueProblem(
  event: EventOf<'remote-awaited'> | EventOf<'queue-failed'> | EventOf<'queue-idle'>,
): string | string[] {
  switch (event.type) {
    case 'remote-awaited':
      return withError('  ! Waiting for the remote store. ', event.error)
    case 'queue-failed':
      return withError('  ! Waiting for the queue. ', event.error)
    case 'queue-idle':
      return `  ! No worker is connected to ${event.queue}. Start one with \`limn worker --queue URL\`.`
  }
}
