import { awsCronOf, CronError, checkCron } from '#shared/schedule/cron.ts';

describe('awsCronOf', () => {
  it.each([
    ['*/5 * * * *', 'cron(0,5,10,15,20,25,30,35,40,45,50,55 * * * ? *)'],
    ['0 8 * * 1-5', 'cron(0 8 ? * MON,TUE,WED,THU,FRI *)'],
    ['0 8 * * mon-fri', 'cron(0 8 ? * MON,TUE,WED,THU,FRI *)'],
    ['30 2 1,15 * *', 'cron(30 2 1,15 * ? *)'],
    ['0 0 * * 0', 'cron(0 0 ? * SUN *)'],
    ['0 0 * * 7', 'cron(0 0 ? * SUN *)'],
    ['0 0 * * 5-7', 'cron(0 0 ? * SUN,FRI,SAT *)'],
    ['0 0 * * 0-6', 'cron(0 0 * * ? *)'],
    ['0 9-17/4 * JAN-MAR *', 'cron(0 9,13,17 * 1-3 ? *)'],
    ['50/5 0 * * *', 'cron(50,55 0 * * ? *)'],
    ['  0   0 * * *  ', 'cron(0 0 * * ? *)'],
  ])('writes %s as %s', (text, expected) => {
    expect(awsCronOf(text)).toBe(expected);
  });

  it.each([
    ['* * * *', 'a cron expression has five fields'],
    ['0 * * * * *', 'a cron expression has five fields'],
    ['@daily', 'a cron expression has five fields'],
    ['60 * * * *', 'the minute is out of range'],
    ['* 24 * * *', 'the hour is out of range'],
    ['* * 0 * *', 'the day is out of range'],
    ['* * * 13 *', 'the month is out of range'],
    ['* * * * 8', 'the weekday is out of range'],
    ['10-5 * * * *', 'the minute is out of range'],
    ['*/0 * * * *', 'the minute is out of range'],
    ['* * L * *', 'the day is not valid'],
    ['* * * * 1#2', 'the weekday is not valid'],
    ['0 0 1 * 1', 'either the day or the weekday must be *'],
  ])('refuses %s: %s', (text, reason) => {
    expect(() => awsCronOf(text)).toThrow(new CronError(reason));
  });
});

describe('checkCron', () => {
  it('accepts a leap day', () => {
    expect(() => checkCron('0 0 29 2 *', 'UTC')).not.toThrow();
  });

  it.each([
    ['0 0 31 2 *', 'UTC', 'the cron expression never comes due'],
    ['0 0 * * *', 'Mars/Olympus', 'the time zone is not one of the tz database'],
  ])('refuses %s in %s', (text, zone, reason) => {
    expect(() => checkCron(text, zone)).toThrow(reason);
  });
});
