import { useEffect, useRef } from 'react'

const nearPx = 80

/** Keeps an element at its end while it grows, unless somebody has scrolled up to read. */
export function useStickToEnd(grows: unknown) {
  const element = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)
  useEffect(() => {
    const at = element.current
    if (at === null) return
    const look = () => {
      isAtEnd.current = at.scrollHeight - at.scrollTop - at.clientHeight < nearPx
    }
    at.addEventListener('scroll', look, { passive: true })
    return () => at.removeEventListener('scroll', look)
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is what grows that moves the end
  useEffect(() => {
    const at = element.current
    if (at !== null && isAtEnd.current) at.scrollTop = at.scrollHeight
  }, [grows])
  return element
}
