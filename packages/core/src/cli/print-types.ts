import type { Project } from '../project/project.ts'
import type { Output } from './output.ts'

/**
 * Updates the types of the image modules and prints their path if they changed. A failure is
 * reported and does not fail the command: its pictures are there.
 */
export async function printWrittenTypes(project: Project, output: Output): Promise<void> {
  try {
    const file = await project.writeTypes()
    if (file === undefined) return
    output.event({ type: 'types', file })
    output.line(output.paint('dim', `Types of the image modules: ${file}`))
  } catch (error) {
    output.problem(error instanceof Error ? error.message : String(error))
  }
}
