using System.Runtime.Intrinsics;

namespace GenCluster.Training.Optimizers;

/// <summary>An optimizer's arithmetic on sixteen parameters at a time; a moment that it does not know it leaves unread.</summary>
internal interface IUpdateRule
{
    void Apply(ref Vector512<float> theta, Vector512<float> gradient, ref Vector512<float> first, ref Vector512<float> second);
}
