import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Memory that a process holds in RAM, in MB of 2^20 bytes. */
export const residentMb = (pid: number): number => {
  const kilobytes = fieldOf(pid, 'VmRSS') ?? Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)]).toString());
  return kilobytes / 1_024;
};

/** The most it ever held. Undefined where the system does not tell. */
export const peakResidentMb = (pid: number): number | undefined => {
  const kilobytes = fieldOf(pid, 'VmHWM');
  return kilobytes === undefined ? undefined : kilobytes / 1_024;
};

/** Processor time that a process has taken so far, all threads together. Undefined where the system does not tell. */
export const processorMs = (pid: number): number | undefined => {
  if (process.platform !== 'linux') return undefined;
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // after the name, which may hold blanks: field 14 is user time, 15 system time, in hundredths of a second
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
};

const fieldOf = (pid: number, name: string): number | undefined => {
  if (process.platform !== 'linux') return undefined;
  const found = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
  return found?.[1] === undefined ? undefined : Number(found[1]);
};
