import { allowedOrigins } from '../../src/connection/allowed-origins.js';
import { mistake } from '../thrown.js';

test('no origin is allowed without the option', () => {
  expect(allowedOrigins(undefined)('https://app.example.com')).toBe(false);
});

test('a list is compared exactly', () => {
  const allows = allowedOrigins(['https://app.example.com', 'http://localhost:3000']);
  expect(allows('https://app.example.com')).toBe(true);
  expect(allows('http://localhost:3000')).toBe(true);
  for (const origin of [
    'https://app.example.com.evil.example',
    'https://app.example.com:8443',
    'http://app.example.com',
    'HTTPS://APP.EXAMPLE.COM',
    'null',
    '',
  ])
    expect(allows(origin)).toBe(false);
});

test('a function decides by itself', () => {
  const allows = (origin: string): boolean => origin.endsWith('.example.com');
  expect(allowedOrigins(allows)).toBe(allows);
});

test.each([
  ['*'],
  ['null'],
  [''],
  ['app.example.com'],
  ['https://app.example.com/'],
  ['https://app.example.com:443'],
  ['https://APP.example.com'],
  [7],
])('%p is no origin', (origin) => {
  const list = ['https://app.example.com', origin] as string[]; // what a program without types may pass
  expect(mistake(() => allowedOrigins(list)).option).toBe('allowedOrigins[1]');
});

test('anything but a list or a function is refused', () => {
  const one = 'https://app.example.com' as unknown as string[];
  expect(mistake(() => allowedOrigins(one, 'origins')).message).toBe(
    'origins: expected a list of origins or a function, got a string',
  );
});
