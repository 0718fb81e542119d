import { expect, it, test } from 'vitest'
import { compileAbility } from '../../../src/extensions/ability/ability.ts'

const instruction = '```echo\n$[x]\n```'

it.each([
  ['Fetch Weather', 'fetch_weather'],
  ['fetchWeather', 'fetchWeather'],
  ['Ability___Function', 'Ability___Function'],
  ['Ability!@#Function', 'ability_function'],
  ['ABILITY FUNCTION!', 'ability_function'],
  [' _hidden one', 'hidden_one'],
  ['3D print', 'ability_3d_print'],
  ['$price', 'price'],
  [
    'This is a very long name that exceeds the maximum character limit',
    'this_is_a_very_long_name_that_exceeds_the_maximum_character_limi',
  ],
  ['x'.repeat(80), 'x'.repeat(64)],
  [`${'x'.repeat(63)} y`, 'x'.repeat(63)],
])('the ability %j is the function %s', (name, functionName) => {
  const result = compileAbility({ name, description: '', instruction })
  expect(result).toMatchObject({ kind: 'compiled', ability: { functionName } })
  expect(functionName).toMatch(/^(?!_)[A-Za-z$][A-Za-z0-9_$]{0,63}$/)
})

it.each(['', '   ', '!@#$%', 'Погода'])('refuses the name %j', (name) => {
  expect(compileAbility({ name, description: '', instruction })).toEqual({
    kind: 'refused',
    message: `The name ${JSON.stringify(name)} contains no letter from A to Z and no digit.`,
  })
})

it.each([
  ['Short', 'Performs an action based on action input. Short'],
  ['0123456789', 'Performs an action based on action input. 0123456789'],
  ['01234567890', '01234567890'],
])('the description %j is %j', (description, expected) => {
  expect(compileAbility({ name: 'x', description, instruction })).toMatchObject({ ability: { description: expected } })
})

test('the message says what is wrong with the instruction', () => {
  expect(compileAbility({ name: 'x', description: '', instruction: '```email\n```' })).toEqual({
    kind: 'refused',
    message: 'There is no action "email" here: an ability can fetch, text, echo, search or time.',
  })
})
