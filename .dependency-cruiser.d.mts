/** Types of the table of floors, for the tests that read it. */
import type { IConfiguration } from 'dependency-cruiser';

export const floors: readonly (readonly string[])[];
export const ports: readonly string[];
export const lowered: readonly string[];
export function foldersWithoutFloor(root: string): readonly string[];

declare const configuration: IConfiguration;
export default configuration;
