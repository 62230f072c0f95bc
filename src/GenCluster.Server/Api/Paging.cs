using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace GenCluster.Server.Api;

/// <summary>Lists are given in pages: <c>limit</c> says how long, <c>after</c> where one begins.</summary>
internal static class Paging
{
    public const int MaxPage = 500;

    /// <summary>How many are wanted; null when that is no number, or too large.</summary>
    public static int? CountOf(string? limit)
    {
        if (limit is null)
            return MaxPage;
        return int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= MaxPage ? count : null;
    }

    /// <summary>A number that something comes after; 0 when it is not said, null when it is no number.</summary>
    public static long? PlaceOf(string? after)
    {
        if (string.IsNullOrEmpty(after))
            return 0;
        return long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out long place) ? place : null;
    }

    public static IResult WrongLimit(string? limit) => Problems.Of(ProblemKind.BadRequest, $"limit is from 1 to {MaxPage}, not {limit}");

    public static IResult WrongPlace(string name, string? place) => Problems.Of(ProblemKind.BadRequest, $"{name} is a whole number, not {place}");
}
