import { expect, test } from 'vitest'
import { demoMentions } from '../../../src/models/demo/mention.ts'

test.each([
  ['get_weather', 'Call get_weather now.', true],
  ['get_weather', 'What does GetWeather say?', true],
  ['get_weather', 'Can you get  weather for me', true],
  ['get_weather', 'getWeather(Oslo)', true],
  ['get_weather', 'GET-WEATHER', true],
  ['getWeather', 'get weather', true],
  ['getHTTPStatus', 'get HTTP status', true],
  ['$ping', 'ping!', true],
  ['time', 'What time is it?', true],
  ['météo', 'La Météo ?', true],
  ['get_weather', 'get the weather', false],
  ['get_weather', 'forget weather', false],
  ['get_weather', 'get_weather_map', false],
  ['time', 'sometimes', false],
  ['time', 'timezone', false],
  ['$', 'It costs $5.', false],
])('%s is named in %j: %s', (name, text, isNamed) => {
  expect(demoMentions(text, [name]).map((each) => each.name)).toEqual(isNamed ? [name] : [])
})

test('several are found in the order of the text, each once, with where they stand', () => {
  const text = 'search, then get_weather, then search again'
  expect(demoMentions(text, ['get_weather', 'time', 'search'])).toEqual([
    { name: 'search', start: 0, end: 6 },
    { name: 'get_weather', start: 13, end: 24 },
  ])
})

test('a longer name hides the shorter ones within it, not those beside it', () => {
  const names = ['map', 'get_weather', 'get_weather_map']
  expect(demoMentions('get weather map', names).map(({ name }) => name)).toEqual(['get_weather_map'])
  expect(demoMentions('get weather map, or the map', names).map(({ name }) => name)).toEqual(['get_weather_map', 'map'])
})
