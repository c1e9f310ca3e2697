import { writeFileSync } from 'node:fs'

/* Imported before a program: writes its peak memory (MB) to MEMORY_FILE when it exits. */
const file = process.env['MEMORY_FILE']!
process.on('exit', () =>
  writeFileSync(file, JSON.stringify({ mb: process.resourceUsage().maxRSS / 1000 })),
)
