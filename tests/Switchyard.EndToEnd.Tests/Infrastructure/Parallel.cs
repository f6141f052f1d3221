using Xunit;

// These tests wait more than they work: for pacing, for time-outs, for a process to be there again.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
