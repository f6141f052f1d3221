namespace Switchyard.Cli.Doctor;

/// <summary>One line of the doctor: <c>ok</c>, <c>warning</c>, <c>failed</c> or <c>skipped</c>, and what to do about it.</summary>
internal sealed record Finding(string Check, string State, string Detail, string? Fix = null)
{
    public static Finding Ok(string check, string detail) => new(check, "ok", detail);

    public static Finding Warning(string check, string detail, string fix) => new(check, "warning", detail, fix);

    public static Finding Failed(string check, string detail, string fix) => new(check, "failed", detail, fix);

    public static Finding Skipped(string check, string detail) => new(check, "skipped", detail);
}
