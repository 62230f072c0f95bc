namespace GenCluster.Training.Elastic;

/// <summary>What a record of a state feed is. The numbers are the wire's and never change.</summary>
internal enum FeedKind : byte
{
    /// <summary>From the reader, first: the state once, now.</summary>
    AskState = 1,

    /// <summary>From the reader, first: the state, and every sum from then on.</summary>
    AskToFollow = 2,

    /// <summary><see cref="Loop.Notes"/>.</summary>
    Notes = 10,

    /// <summary>One of the <see cref="StateParts"/>; the record's position is its number.</summary>
    Part = 11,

    /// <summary>One bucket of the sum of an operation, whose position the record has.</summary>
    Sum = 12,

    /// <summary>Whoever has read this far is as far as the gang.</summary>
    CaughtUp = 13,

    /// <summary>The gang has ended in good order after the last sum.</summary>
    End = 14,
}
