import { useEffect, useState } from 'preact/hooks'

/** Returns the time, ms since 1970. The component is rendered again every second. */
export function useSeconds(): number {
  const [now, setNow] = useState(Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return now
}
