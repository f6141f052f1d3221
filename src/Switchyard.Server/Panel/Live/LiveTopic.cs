namespace Switchyard.Server.Panel.Live;

/// <summary>Something that pages keep true while they are open. A feature registers one for each of its tables.</summary>
/// <param name="Name">As pages name it in <c>data-live</c>.</param>
/// <param name="Mark">A scalar query, by index, whose answer differs after each change that a page would show.</param>
internal sealed record LiveTopic(string Name, string Mark);
