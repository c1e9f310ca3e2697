import type { JSX } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { useStore } from '../store/store.ts'

type ThumbOptions = {
  /** `null` if there is no picture. */
  url: string | null
  /** px of the picture: its shape is known before it is loaded. */
  width: number
  height: number
}

/** Waits before a picture that failed is requested again, ms. After the last one it is missing. */
const RETRIES = [2000, 6000, 18_000]

/** Shows a picture at its true shape. Stops loading it when it leaves the grid. */
export function Thumb({ url, width, height }: ThumbOptions): JSX.Element {
  const { loads } = useStore().grid
  const image = useRef<HTMLImageElement>(null)
  const [wanted, setWanted] = useState(() => (url !== null && loads.has(url) ? url : null))
  const [failures, setFailures] = useState(0)
  const [hasFailed, setHasFailed] = useState(false)
  useEffect(() => {
    setHasFailed(false)
    setFailures(0)
    if (url === null || url === wanted) return undefined
    if (wanted === null) return loads.wait(() => setWanted(url))
    setWanted(url)
    return undefined
  }, [url])
  useEffect(() => {
    const wait = RETRIES[failures - 1]
    if (!hasFailed || wait === undefined) return undefined
    const timer = setTimeout(() => setHasFailed(false), wait)
    return () => clearTimeout(timer)
  }, [hasFailed, failures])
  useLayoutEffect(() => {
    const element = image.current
    // A request that has not been answered ends when its element loses the address.
    return () => element?.removeAttribute('src')
  }, [])
  const className = ['thumb', hasFailed || url === null ? 'missing' : ''].join(' ').trim()
  return (
    <img
      ref={image}
      class={className}
      alt=""
      width={width}
      height={height}
      decoding="async"
      draggable={false}
      style={{ '--ratio': width / height, '--own-width': `${width}px` }}
      src={hasFailed ? undefined : (wanted ?? undefined)}
      onLoad={() => wanted !== null && loads.loaded(wanted)}
      onError={() => {
        setHasFailed(true)
        setFailures(failures + 1)
      }}
    />
  )
}
