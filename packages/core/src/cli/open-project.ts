import { openProject, type Project } from '../project/project.ts'
import type { CommandContext } from './command.ts'
import { projectOptions } from './project-options.ts'

/** Opens the project that a command's options name. */
export function openProjectFor(context: CommandContext): Project {
  return openProject(projectOptions(context))
}
