import { readFileSync } from 'node:fs'

/** What every script begins with that changes how much an account has stored. */
export const ledgerLua = readFileSync(new URL('./ledger.lua', import.meta.url), 'utf8')
