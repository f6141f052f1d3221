namespace Switchyard.Benchmarks.Harness;

/// <summary>How often a second the disk makes 4 KB durable: what a figure of something durable is to be read beside.</summary>
internal static class FdatasyncRate
{
    public static double Measure()
    {
        var file = Path.GetTempFileName();
        try
        {
            using var stream = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, 1);
            var block = new byte[4096];
            var started = TimeProvider.System.GetTimestamp();
            var count = 0;
            while (TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(1))
            {
                stream.Write(block);
                stream.Flush(flushToDisk: true);
                count++;
            }

            return count / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
