using Switchyard.Rules;
using Xunit;

namespace Switchyard.Tests.Rules;

/// <summary>Behaviours 39 to 41 and the last paragraph of the design's section 7.</summary>
public sealed class GateTests
{
    private const long OwnApp = 42;

    private const long Actions = 15368;

    private static readonly DateTimeOffset Since = Facts.Noon;

    private static readonly CheckGate Any = new();

    private static readonly CheckGate Named = new() { Names = ["build", "test"] };

    private int nextId = 1;

    [Fact]
    public void No_check_at_all_is_waited_for_and_said_at_the_time_out()
    {
        var early = Judge(Any, [], minutes: 1);
        var late = Judge(Any, [], minutes: 120);

        Assert.Equal((GateState.Wait, "No checks yet", Since + Any.Timeout), (early.State, early.Sentence, early.LookAgainAt));
        Assert.Equal((GateState.TimedOut, "No check or status was seen within 2h"), (late.State, late.Sentence));
    }

    [Theory]
    [InlineData("success", GateState.Open)]
    [InlineData("skipped", GateState.Open)]
    [InlineData("neutral", GateState.Open)]
    [InlineData("failure", GateState.Failed)]
    [InlineData("cancelled", GateState.Failed)]
    [InlineData("timed_out", GateState.Failed)]
    [InlineData("action_required", GateState.Failed)]
    [InlineData("stale", GateState.Failed)]
    [InlineData("startup_failure", GateState.Failed)]
    [InlineData("a_word_of_next_year", GateState.Failed)]
    [InlineData(null, GateState.Wait)]
    public void Each_conclusion_counts_as_github_means_it(string? conclusion, GateState expected)
    {
        Assert.Equal(expected, Judge(Any, [Run("build", conclusion: conclusion)], minutes: 5).State);
        Assert.Equal(conclusion is null ? GateState.Wait : GateState.Open, Judge(Any with { Require = GateRequirement.Completed }, [Run("build", conclusion: conclusion)], minutes: 5).State);
    }

    [Theory]
    [InlineData("queued")]
    [InlineData("in_progress")]
    [InlineData("waiting")]
    [InlineData("requested")]
    [InlineData("pending")]
    public void What_is_not_completed_is_waited_for_by_name(string status)
    {
        var verdict = Judge(Any, [Run("build"), Run("lint"), Run("pack"), Run("test", status, null), Run("deploy", status, null)], minutes: 5);

        Assert.Equal((GateState.Wait, "Checks 3 of 5: waiting for deploy and test", 3, 5), (verdict.State, verdict.Sentence, verdict.Passed, verdict.Total));
    }

    [Fact]
    public void Required_names_must_all_show_up_and_nothing_else_counts()
    {
        var others = Judge(Named, [Run("build"), Run("lint", conclusion: "failure")], minutes: 5);
        var all = Judge(Named, [Run("build"), Run("test"), Run("lint", conclusion: "failure")], minutes: 5);
        var late = Judge(Named, [Run("build")], minutes: 121);

        Assert.Equal((GateState.Wait, "Checks 1 of 2: waiting for test (not seen yet)"), (others.State, others.Sentence));
        Assert.Equal((GateState.Open, "Checks 2 of 2: build and test passed"), (all.State, all.Sentence));
        Assert.Equal((GateState.TimedOut, "Checks 1 of 2: still waiting for test (not seen yet) after 2h"), (late.State, late.Sentence));
    }

    [Fact]
    public void A_name_with_a_star_stands_for_all_that_match()
    {
        var gate = Any with { Names = ["test (*)"] };

        Assert.Equal(GateState.Wait, Judge(gate, [Run("build")], minutes: 5).State);
        Assert.Equal(GateState.Failed, Judge(gate, [Run("test (linux)"), Run("test (windows)", conclusion: "failure")], minutes: 5).State);
        Assert.Equal(GateState.Open, Judge(gate, [Run("test (linux)"), Run("test (windows)")], minutes: 5).State);
    }

    [Fact]
    public void All_green_opens_only_after_nothing_has_changed_for_a_while()
    {
        var snapshot = new ChecksSnapshot { CheckRuns = [Run("build")] };
        GateVerdict At(int seconds, DateTimeOffset? changed) => Gate.Judge(Any, snapshot, new(Since.AddSeconds(seconds), Since, changed), OwnApp);

        Assert.Equal((GateState.Wait, Since.AddSeconds(40)), (At(10, null).State, At(10, null).LookAgainAt));
        Assert.Equal((GateState.Wait, "Checks 1 of 1: all passed, settled at 12:00:35Z unless another shows up"), (At(20, Since.AddSeconds(5)).State, At(20, Since.AddSeconds(5)).Sentence));
        Assert.Equal(GateState.Open, At(35, Since.AddSeconds(5)).State);
        Assert.Equal(GateState.Open, At(7200, Since.AddSeconds(7199)).State);
    }

    [Fact]
    public void A_late_check_closes_the_gate_again()
    {
        var first = new ChecksSnapshot { CheckRuns = [Run("build")] };
        var then = first with { CheckRuns = [.. first.CheckRuns, Run("deploy", "queued", null)] };

        Assert.NotEqual(first.Digest(OwnApp), then.Digest(OwnApp));
        Assert.Equal(GateState.Wait, Gate.Judge(Any, then, new(Since.AddMinutes(5), Since, Since), OwnApp).State);
    }

    [Fact]
    public void A_combined_pending_without_statuses_is_no_status_and_a_suite_without_runs_says_nothing()
    {
        var snapshot = new ChecksSnapshot { CheckRuns = [Run("build")], Suites = [new() { Id = 9, Status = "queued", AppId = 7, RunsCount = 0 }], Statuses = [] };

        Assert.Equal(GateState.Open, Gate.Judge(Any, snapshot, new(Since.AddMinutes(5), Since, Since), OwnApp).State);
        Assert.Equal(GateState.Wait, Gate.Judge(Any, snapshot with { CheckRuns = [] }, new(Since.AddMinutes(5), Since, Since), OwnApp).State);
    }

    [Theory]
    [InlineData("success", GateState.Open)]
    [InlineData("pending", GateState.Wait)]
    [InlineData("failure", GateState.Failed)]
    [InlineData("error", GateState.Failed)]
    public void Statuses_count_as_checks_do_and_the_newest_of_a_context_counts(string state, GateState expected)
    {
        var snapshot = new ChecksSnapshot
        {
            CheckRuns = [Run("build")],
            Statuses =
            [
                new() { Context = "ci/jenkins", State = state, UpdatedAt = Since.AddMinutes(2) },
                new() { Context = "ci/jenkins", State = state == "success" ? "failure" : "success", UpdatedAt = Since },
            ],
        };

        Assert.Equal(expected, Gate.Judge(Any, snapshot, new(Since.AddMinutes(5), Since, Since), OwnApp).State);
    }

    [Fact]
    public void Our_own_checks_are_left_out_by_app_or_where_that_is_not_known_by_name()
    {
        var own = Run("Switchyard / tests", "in_progress", null) with { AppId = OwnApp };
        var unknown = own with { AppId = null };
        var other = own with { AppId = 7 };

        Assert.Equal(GateState.Open, Judge(Any, [Run("build"), own], minutes: 5).State);
        Assert.Equal(GateState.Open, Judge(Any, [Run("build"), unknown], minutes: 5).State);
        Assert.Equal(GateState.Wait, Judge(Any, [Run("build"), other], minutes: 5).State);
        Assert.Equal(GateState.Open, Judge(Any, [Run("build"), other], minutes: 5, ownApp: null).State);
        Assert.Equal(GateState.Wait, Judge(Any, [own], minutes: 5).State);
    }

    [Fact]
    public void A_rerun_takes_the_place_of_what_failed()
    {
        var failed = Run("build", conclusion: "failure", start: 0, end: 2);
        var again = Run("build", start: 3, end: 4);
        var running = Run("build", "in_progress", null, start: 3);

        Assert.Equal(GateState.Open, Judge(Any, [failed, again], minutes: 5).State);
        Assert.Equal(GateState.Open, Judge(Any, [again, failed], minutes: 5).State);
        Assert.Equal(GateState.Wait, Judge(Any, [failed, running], minutes: 5).State);
        Assert.Equal(GateState.Open, Judge(Any, [failed with { SuiteId = 1 }, again with { SuiteId = 2 }], minutes: 5).State);
    }

    [Fact]
    public void Two_jobs_with_one_name_that_ran_side_by_side_both_count()
    {
        var failed = Run("build", conclusion: "failure", start: 0, end: 2) with { SuiteId = 1 };
        var beside = Run("build", start: 1, end: 3) with { SuiteId = 2 };
        var ofOtherApp = Run("build", start: 3, end: 4) with { AppId = 7 };

        Assert.Equal(GateState.Failed, Judge(Any, [failed, beside], minutes: 5).State);
        Assert.Equal(GateState.Failed, Judge(Any, [failed, ofOtherApp], minutes: 5).State);
    }

    [Fact]
    public void A_failure_says_which_and_may_turn_until_the_time_is_up()
    {
        var checks = new[] { Run("build"), Run("lint", conclusion: "failure"), Run("test", "in_progress", null) };
        var early = Judge(Any, checks, minutes: 5);
        var late = Judge(Any, checks, minutes: 130);

        Assert.Equal((GateState.Failed, $"Checks 1 of 3: lint is failure; a re-run may turn that until {(Since + Any.Timeout).UtcDateTime:HH:mm:ss}Z", Since + Any.Timeout), (early.State, early.Sentence, early.LookAgainAt));
        Assert.Equal((GateState.Failed, "Checks 1 of 3: lint is failure; no re-run turned that within 2h", (DateTimeOffset?)null), (late.State, late.Sentence, late.LookAgainAt));
    }

    [Fact]
    public void The_digest_changes_with_what_counts_alone()
    {
        var snapshot = new ChecksSnapshot { CheckRuns = [Run("build", start: 0, end: 1), Run("test", "queued", null)] };
        var own = Run("Switchyard / x") with { AppId = OwnApp };

        Assert.Equal(snapshot.Digest(OwnApp), (snapshot with { CheckRuns = [.. snapshot.CheckRuns.Reverse(), own], Suites = [new() { Id = 1 }] }).Digest(OwnApp));
        Assert.NotEqual(snapshot.Digest(OwnApp), (snapshot with { CheckRuns = [snapshot.CheckRuns[0], snapshot.CheckRuns[1] with { Status = "completed", Conclusion = "success" }] }).Digest(OwnApp));
        Assert.NotEqual(snapshot.Digest(OwnApp), (snapshot with { Statuses = [new() { Context = "a", State = "pending" }] }).Digest(OwnApp));
    }

    private static GateVerdict Judge(CheckGate gate, CheckRunState[] runs, int minutes, long? ownApp = OwnApp) =>
        Gate.Judge(gate, new() { CheckRuns = runs }, new(Since.AddMinutes(minutes), Since, Since), ownApp);

    private CheckRunState Run(string name, string status = "completed", string? conclusion = "success", int start = 0, int? end = 1) => new()
    {
        Id = nextId++,
        Name = name,
        Status = status,
        Conclusion = status == "completed" ? conclusion : null,
        AppId = Actions,
        SuiteId = 1,
        StartedAt = Since.AddMinutes(start),
        CompletedAt = status == "completed" ? Since.AddMinutes(end ?? start) : null,
    };
}
