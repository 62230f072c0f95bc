namespace GenCluster.Collectives.Frames;

/// <summary>What all frames of one all-reduce carry alike.</summary>
internal readonly record struct FrameStamp(long Epoch, long Step, int Phase);
