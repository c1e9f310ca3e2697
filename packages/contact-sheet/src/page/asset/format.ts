/** Returns a size of a file: `12 kB`, `1.4 MB`. */
export function formatBytes(bytes: number, language: string): string {
  const isLarge = bytes >= 999_500
  const unit = isLarge ? 'megabyte' : bytes >= 1000 ? 'kilobyte' : 'byte'
  const value = isLarge ? bytes / 1e6 : bytes >= 1000 ? bytes / 1000 : bytes
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: isLarge && value < 100 ? 1 : 0,
  }).format(value)
}

/** Returns a moment in the time zone of the reader: `30 Nov 2026, 14:05`. */
export function formatDate(at: string, language: string): string {
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return at
  return new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
  }).format(date)
}

/** Returns a duration in seconds: `0.8`, `23`. */
export function formatSeconds(ms: number, language: string): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: ms < 10_000 ? 1 : 0 }).format(
    ms / 1000,
  )
}
