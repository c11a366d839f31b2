import type { Session } from '@hasura-auth/core';
import { createTestIssuer, sessionFor, type TestIssuer } from '@hasura-auth/testing';
import {
  createDevelopmentIssuer,
  type DevelopmentIssuer,
} from '@hasura-auth/testing/development-issuer';
export const session: Session = sessionFor('user', { 'x-hasura-user-id': '7' });
export const issuer: Promise<TestIssuer> = createTestIssuer({ algorithm: 'HS256' });
// @ts-expect-error no such algorithm
void createTestIssuer({ algorithm: 'none' });
// @ts-expect-error a variable begins with x-hasura-
sessionFor('user', { 'user-id': '7' });
export const development: Promise<DevelopmentIssuer> = createDevelopmentIssuer({ port: 4000 });
// @ts-expect-error a user has at least one role
void createDevelopmentIssuer({ users: [{ id: '7', roles: [] }] });
