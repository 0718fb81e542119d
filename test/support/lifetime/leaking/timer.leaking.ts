import { test } from 'vitest'

setInterval(() => {}, 1000)

test('comes after a timer of the file itself', () => {})
