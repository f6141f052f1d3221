namespace Switchyard.EndToEnd.Tests;

public sealed class SmokeTests;
