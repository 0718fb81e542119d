import { type Budget, OutOfBudget } from '../../kernel/helpers/budget.ts'
import { compileInstruction, type InstructionResult } from './instruction.ts'

/** Gives the compiled form of an instruction. */
export type CompileInstruction = (instruction: string) => InstructionResult

/** Compiles instructions, which are YAML for the most part, so that none keeps the process from its other work. */
export interface InstructionReader {
  /** Compiles the instructions of one request, which share one budget of time, and gives them by their text. */
  read(account: string, instructions: readonly string[]): Promise<CompileInstruction>
}

/** Does so where it can be ended. Throws OutOfBudget. */
export type InstructionHelper = (account: string, instruction: string, budget: Budget) => Promise<InstructionResult>

/** Up to here it is done at once: the strangest text takes six microseconds for each character. */
export const shortInstructions = { each: 1000, together: 6000 } as const

/** The time for all instructions of one request. */
export const instructionsMs = 3000

export function createInstructionReader(help: InstructionHelper): InstructionReader {
  return {
    async read(account, instructions) {
      const budget: Budget = { leftMs: instructionsMs }
      let room: number = shortInstructions.together
      const results = new Map<string, InstructionResult>()
      for (const text of new Set(instructions)) {
        const isShort = text.length <= shortInstructions.each && text.length <= room
        if (isShort) room -= text.length
        results.set(text, isShort ? compileInstruction(text) : await helped(help, { account, text, budget }))
      }
      // Only our own instructions, which are short, have not been read before.
      return (text) => results.get(text) ?? compileInstruction(text)
    },
  }
}

interface ToRead {
  readonly account: string
  readonly text: string
  readonly budget: Budget
}

async function helped(help: InstructionHelper, { account, text, budget }: ToRead): Promise<InstructionResult> {
  try {
    return await help(account, text, budget)
  } catch (error) {
    if (!(error instanceof OutOfBudget)) throw error
    return { kind: 'refused', message: `The instructions take too much ${error.what} to read.` }
  }
}
