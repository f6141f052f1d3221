using Switchyard.Rules;
using Xunit;

namespace Switchyard.Tests.Rules;

public sealed class CronTests
{
    [Theory]
    [InlineData("* * * * *", "2026-11-21T12:00:30Z", "2026-11-21T12:01:00Z")]
    [InlineData("*/15 * * * *", "2026-11-21T12:45:00Z", "2026-11-21T13:00:00Z")]
    [InlineData("30 5 * * 1-5", "2026-11-20T05:30:00Z", "2026-11-23T05:30:00Z")]
    [InlineData("30 5 * * MON-FRI", "2026-11-20T05:29:59Z", "2026-11-20T05:30:00Z")]
    [InlineData("0 0 1 JAN *", "2026-11-21T12:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("0 0 29 2 *", "2026-11-21T12:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("0 0 29 2 *", "2096-03-01T00:00:00Z", "2104-02-29T00:00:00Z")]
    [InlineData("0 12 13 * FRI", "2026-11-21T13:00:00Z", "2026-11-27T12:00:00Z")]
    [InlineData("0 12 13 * FRI", "2026-12-11T12:00:00Z", "2026-12-13T12:00:00Z")]
    [InlineData("0 12 */2 * MON", "2026-11-21T00:00:00Z", "2026-11-23T12:00:00Z")]
    [InlineData("0 0 * * 7", "2026-11-21T12:00:00Z", "2026-11-22T00:00:00Z")]
    [InlineData("0 0 * * sun,3", "2026-11-22T00:00:00Z", "2026-11-25T00:00:00Z")]
    [InlineData("5,10-20/5 8-9 * * *", "2026-11-21T08:10:00Z", "2026-11-21T08:15:00Z")]
    [InlineData("0 20/2 * * *", "2026-11-21T21:00:00Z", "2026-11-21T22:00:00Z")]
    [InlineData("59 23 31 12 *", "2026-12-31T23:59:00Z", "2027-12-31T23:59:00Z")]
    public void The_next_minute_is_strictly_after_the_moment(string text, string after, string expected) =>
        Assert.Equal(Time(expected), Next(text, after, "UTC"));

    /// <summary>Berlin: clocks go from 2:00 to 3:00 on 2026-03-29, and from 3:00 back to 2:00 on 2026-10-25.</summary>
    [Theory]
    [InlineData("30 2 * * *", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("30 2 * * *", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z")]
    [InlineData("15,45 2 * * *", "2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("15,45 2 * * *", "2026-03-29T01:00:00Z", "2026-03-30T00:15:00Z")]
    [InlineData("30 2 * * *", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z")]
    [InlineData("30 2 * * *", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")]
    [InlineData("30 2 * * *", "2026-10-25T01:00:00Z", "2026-10-26T01:30:00Z")]
    [InlineData("30 * * * *", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z")]
    [InlineData("30 * * * *", "2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z")]
    [InlineData("0 0 * * *", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")]
    public void Times_that_clocks_skip_fire_once_after_the_gap_and_those_that_come_twice_once(string text, string after, string expected) =>
        Assert.Equal(Time(expected), Next(text, after, "Europe/Berlin"));

    [Fact]
    public void A_year_of_a_daily_time_has_one_start_a_day_in_any_zone()
    {
        Assert.All(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Cairo"], zone =>
        {
            var cron = Cron.TryParse("30 2 * * *", out _)!;
            var place = TimeZoneInfo.FindSystemTimeZoneById(zone);
            var at = Time("2026-01-01T12:00:00Z");
            var days = new List<DateTime>();
            for (var i = 0; i < 365; i++)
            {
                at = cron.Next(at, place)!.Value;
                days.Add(TimeZoneInfo.ConvertTime(at, place).Date);
            }

            Assert.Equal(365, days.Distinct().Count());
            Assert.Equal(364, (days[^1] - days[0]).TotalDays);
        });
    }

    [Theory]
    [InlineData("0 5 * *")]
    [InlineData("60 * * * *")]
    [InlineData("* 24 * * *")]
    [InlineData("* * 0 * *")]
    [InlineData("* * * 13 *")]
    [InlineData("* * * * 8")]
    [InlineData("*/0 * * * *")]
    [InlineData("5-1 * * * *")]
    [InlineData("a * * * *")]
    [InlineData("1, * * * *")]
    [InlineData("1-2-3 * * * *")]
    [InlineData("0 0 31 4,6 *")]
    [InlineData("@daily")]
    [InlineData("-1 * * * *")]
    [InlineData("")]
    public void What_is_no_cron_is_refused_with_a_sentence(string text)
    {
        Assert.Null(Cron.TryParse(text, out var problem));
        Assert.EndsWith(".", problem, StringComparison.Ordinal);
    }

    private static DateTimeOffset? Next(string text, string after, string zone) =>
        Cron.TryParse(text, out _)!.Next(Time(after), TimeZoneInfo.FindSystemTimeZoneById(zone))?.ToUniversalTime();

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text);
}
