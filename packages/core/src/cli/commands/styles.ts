import { listStyles } from '../../project/built-ins.ts'
import { displayWidth, pad } from '../../project/plan-text.ts'
import type { CommandContext } from '../command.ts'

/** Headings by group of styles. */
const titles = {
  look: 'Looks',
  painting: 'Painting',
  digital: 'Digital',
  photography: 'Photography',
  school: 'Schools',
} as const

/** Runs `limn styles`: lists the built-in styles by group, with their English and Chinese names. */
export async function run({ output }: CommandContext): Promise<number> {
  const all = Object.entries(listStyles())
  const nameWidth = Math.max(...all.map(([name]) => name.length))
  const zhWidth = Math.max(...all.map(([, { zh }]) => displayWidth(zh)))
  for (const [group, title] of Object.entries(titles)) {
    output.line()
    output.line(title)
    for (const [name, style] of all) {
      if (style.group !== group) continue
      output.event({ type: 'style', name, ...style })
      output.line(
        `  ${output.paint('bold', pad(name, nameWidth))}  ${pad(style.zh, zhWidth)}  ${output.paint('dim', style.text)}`,
      )
    }
  }
  return 0
}
