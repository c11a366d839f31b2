export { InputError, readConfiguration, readRequest } from './reading.js';
