<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>Activity</name>
    <message numerus="yes">
        <source>%Ln changed</source>
        <translation>
            <numerusform>%Ln 个已更改</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln gone</source>
        <translation>
            <numerusform>%Ln 个已消失</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln lines read: {name}</source>
        <translation>
            <numerusform>已读取 %Ln 行：{name}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln moved</source>
        <translation>
            <numerusform>%Ln 个已移动</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln new</source>
        <translation>
            <numerusform>%Ln 个新结果</numerusform>
        </translation>
    </message>
    <message>
        <source>Could not be read: {name}</source>
        <translation>无法读取：{name}</translation>
    </message>
    <message numerus="yes">
        <source>Done: %Ln videos indexed</source>
        <translation>
            <numerusform>完成：已索引 %Ln 个视频</numerusform>
        </translation>
    </message>
    <message>
        <source>First look at new videos</source>
        <translation>初步查看新视频</translation>
    </message>
    <message>
        <source>Indexed: {name}</source>
        <translation>已索引：{name}</translation>
    </message>
    <message>
        <source>Indexing pictures</source>
        <translation>正在索引画面</translation>
    </message>
    <message>
        <source>Listening to speech</source>
        <translation>正在听取语音</translation>
    </message>
    <message>
        <source>Now using {model}</source>
        <translation>现在使用 {model}</translation>
    </message>
    <message>
        <source>Only partly readable: {name}</source>
        <translation>只能部分读取：{name}</translation>
    </message>
    <message>
        <source>Preparing {model}</source>
        <translation>正在准备 {model}</translation>
    </message>
    <message>
        <source>Reading subtitles</source>
        <translation>正在读取字幕</translation>
    </message>
    <message>
        <source>Reading text in pictures</source>
        <translation>正在读取画面中的文字</translation>
    </message>
    <message>
        <source>Reading words</source>
        <translation>正在读取文字</translation>
    </message>
    <message>
        <source>Refining new videos</source>
        <translation>正在细化新视频</translation>
    </message>
    <message>
        <source>Waiting for power</source>
        <translation>正在等待接通电源</translation>
    </message>
    <message>
        <source>Waiting until {time}</source>
        <translation>等待到 {time}</translation>
    </message>
    <message>
        <source>Words could not be read: {name}</source>
        <translation>无法读取文字：{name}</translation>
    </message>
    <message>
        <source>{name} is a copy of {original}</source>
        <translation>{name} 是 {original} 的副本</translation>
    </message>
    <message>
        <source>{n} of {m}</source>
        <translation>{n} / {m}</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>剩余 {time}</translation>
    </message>
</context>
<context>
    <name>ActivityPage</name>
    <message>
        <source>Activity</source>
        <translation>活动</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>Copy last lines</source>
        <translation>复制最后几行</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Nothing has happened since Reelfind was started.</source>
        <translation>自 Reelfind 启动以来尚无事件。</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>现在</translation>
    </message>
    <message>
        <source>Open log folder</source>
        <translation>打开日志文件夹</translation>
    </message>
    <message>
        <source>Problems · {count}</source>
        <translation>问题 · {count}</translation>
    </message>
    <message>
        <source>Recent events</source>
        <translation>最近的事件</translation>
    </message>
    <message>
        <source>The log holds errors with the names of files they are about. It stays on this computer. Copied lines name your home folder “~”.</source>
        <translation>日志记录错误及相关文件的名称。它留在此电脑上。复制的内容用“~”代替您的主文件夹。</translation>
    </message>
    <message>
        <source>The log is empty</source>
        <translation>日志为空</translation>
    </message>
</context>
<context>
    <name>AddAnotherDialog</name>
    <message>
        <source>A folder…</source>
        <translation>文件夹…</translation>
    </message>
    <message>
        <source>A repository’s name is the owner’s, a slash, and its own.</source>
        <translation>仓库名由所有者、斜杠和仓库自己的名称组成。</translation>
    </message>
    <message>
        <source>A zip file…</source>
        <translation>ZIP 文件…</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Add a model from a folder</source>
        <translation>从文件夹添加模型</translation>
    </message>
    <message>
        <source>Add a model from a zip file</source>
        <translation>从 ZIP 文件添加模型</translation>
    </message>
    <message>
        <source>Add another model</source>
        <translation>添加其他模型</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>正在查看…</translation>
    </message>
    <message>
        <source>Name a repository of Hugging Face with an ONNX export of a CLIP model, or choose or drop a folder or a zip file. It is checked before it can be used.</source>
        <translation>请输入 Hugging Face 上含有 CLIP 模型 ONNX 导出的仓库名，或者选择、拖入一个文件夹或 ZIP 文件。模型在使用前会先经过检查。</translation>
    </message>
    <message>
        <source>Repository, folder or zip file</source>
        <translation>仓库、文件夹或 ZIP 文件</translation>
    </message>
    <message>
        <source>What it needs of this repository is downloaded; nothing of yours is sent.</source>
        <translation>只会从该仓库下载所需的文件；不会发送您的任何内容。</translation>
    </message>
    <message>
        <source>Zip files (*.zip)</source>
        <translation>ZIP 文件 (*.zip)</translation>
    </message>
    <message>
        <source>owner/name</source>
        <translation>所有者/名称</translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>And {n} more.</source>
        <translation>还有 {n} 个。</translation>
    </message>
</context>
<context>
    <name>CardWords</name>
    <message numerus="yes">
        <source>%Ln moments in this video</source>
        <translation>
            <numerusform>此视频中有 %Ln 个片段</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>+%Ln copies</source>
        <translation>
            <numerusform>+%Ln 个副本</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>+%Ln moments</source>
        <translation>
            <numerusform>+%Ln 个片段</numerusform>
        </translation>
    </message>
    <message>
        <source>Named: “{quote}”</source>
        <translation>名称：“{quote}”</translation>
    </message>
    <message>
        <source>Said: “{quote}”</source>
        <translation>说到：“{quote}”</translation>
    </message>
    <message>
        <source>The same video is also here:</source>
        <translation>同一视频也在这里：</translation>
    </message>
    <message>
        <source>Written: “{quote}”</source>
        <translation>画面文字：“{quote}”</translation>
    </message>
    <message>
        <source>favourite</source>
        <translation>收藏</translation>
    </message>
    <message>
        <source>less likely</source>
        <translation>可能性较小</translation>
    </message>
    <message>
        <source>named</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>said</source>
        <translation>语音</translation>
    </message>
    <message>
        <source>seen</source>
        <translation>画面</translation>
    </message>
    <message>
        <source>written</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>{name} at {time}</source>
        <translation>{name}，{time}</translation>
    </message>
    <message>
        <source>{name} at {time}, match {match}</source>
        <translation>{name}，{time}，匹配 {match}</translation>
    </message>
    <message>
        <source>{start} – {end}</source>
        <translation>{start} – {end}</translation>
    </message>
    <message>
        <source>{start} – {end} · match {match}</source>
        <translation>{start} – {end} · 匹配 {match}</translation>
    </message>
    <message>
        <source>… and {count} more</source>
        <translation>……还有 {count} 个</translation>
    </message>
</context>
<context>
    <name>ChipField</name>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Remove “{name}”</source>
        <translation>移除“{name}”</translation>
    </message>
</context>
<context>
    <name>ClearableRow</name>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
</context>
<context>
    <name>Command</name>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the command</source>
        <translation>复制命令</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Find a command</source>
        <translation>查找命令</translation>
    </message>
    <message>
        <source>No command fits. Try another word.</source>
        <translation>没有合适的命令。请换个词试试。</translation>
    </message>
    <message>
        <source>What would you like to do?</source>
        <translation>想做什么？</translation>
    </message>
</context>
<context>
    <name>CropArea</name>
    <message>
        <source>From {left} to {right} across and {top} to {bottom} down</source>
        <translation>横向 {left} 到 {right}，纵向 {top} 到 {bottom}</translation>
    </message>
    <message>
        <source>Part of the picture</source>
        <translation>图片的一部分</translation>
    </message>
</context>
<context>
    <name>CropDialog</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Choose a part of the picture</source>
        <translation>选择图片的一部分</translation>
    </message>
    <message>
        <source>Drag a rectangle. Arrow keys move it; with Shift they change its size.</source>
        <translation>拖出一个矩形。方向键可移动它；按住 Shift 可改变大小。</translation>
    </message>
    <message>
        <source>Use the whole picture</source>
        <translation>使用整张图片</translation>
    </message>
    <message>
        <source>Use this part</source>
        <translation>使用这一部分</translation>
    </message>
</context>
<context>
    <name>DesktopFlow</name>
    <message numerus="yes">
        <source>%Ln videos can be searched now.</source>
        <translation>
            <numerusform>现在可以搜索 %Ln 个视频了。</numerusform>
        </translation>
    </message>
    <message>
        <source>Find a command…</source>
        <translation>查找命令…</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Indexing is done</source>
        <translation>索引已完成</translation>
    </message>
    <message>
        <source>Indexing stopped</source>
        <translation>索引已停止</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Search in “{name}”</source>
        <translation>在“{name}”中搜索</translation>
    </message>
</context>
<context>
    <name>Divider</name>
    <message>
        <source>Hide less likely results</source>
        <translation>隐藏可能性较小的结果</translation>
    </message>
    <message>
        <source>Hide them</source>
        <translation>隐藏</translation>
    </message>
    <message>
        <source>Less likely</source>
        <translation>可能性较小</translation>
    </message>
    <message numerus="yes">
        <source>Show %Ln less likely</source>
        <translation>
            <numerusform>显示 %Ln 个可能性较小的结果</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Dropdown</name>
    <message>
        <source>Suggestions</source>
        <translation>建议</translation>
    </message>
</context>
<context>
    <name>DuplicateTile</name>
    <message>
        <source>Compared with it: {differences}.</source>
        <translation>与它相比：{differences}。</translation>
    </message>
    <message>
        <source>Hidden from searches</source>
        <translation>已从搜索中隐藏</translation>
    </message>
    <message>
        <source>Hide {name} from searches</source>
        <translation>从搜索中隐藏 {name}</translation>
    </message>
    <message>
        <source>Let searches find {name} again</source>
        <translation>让搜索重新找到 {name}</translation>
    </message>
    <message>
        <source>Play {name}</source>
        <translation>播放 {name}</translation>
    </message>
    <message>
        <source>Show {name} in its folder</source>
        <translation>在文件夹中显示 {name}</translation>
    </message>
    <message>
        <source>The longest of them.</source>
        <translation>其中最长的一个。</translation>
    </message>
    <message>
        <source>The same file is also here:</source>
        <translation>同一文件也在这里：</translation>
    </message>
    <message>
        <source>There is no other difference.</source>
        <translation>没有其他差别。</translation>
    </message>
    <message>
        <source>{start} – {end} is in the first one too: {share} of the shorter video.</source>
        <translation>{start} – {end} 也在第一个中：占较短视频的 {share}。</translation>
    </message>
    <message numerus="yes">
        <source>… and %Ln more</source>
        <translation>
            <numerusform>……还有 %Ln 个</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Duplicates</name>
    <message>
        <source>cannot be reached now</source>
        <translation>现在无法访问</translation>
    </message>
    <message>
        <source>higher resolution</source>
        <translation>分辨率更高</translation>
    </message>
    <message>
        <source>larger file</source>
        <translation>文件更大</translation>
    </message>
    <message>
        <source>longer</source>
        <translation>更长</translation>
    </message>
    <message>
        <source>lower resolution</source>
        <translation>分辨率更低</translation>
    </message>
    <message>
        <source>newer</source>
        <translation>更新</translation>
    </message>
    <message>
        <source>not connected now</source>
        <translation>现在未连接</translation>
    </message>
    <message>
        <source>older</source>
        <translation>更旧</translation>
    </message>
    <message>
        <source>shorter</source>
        <translation>更短</translation>
    </message>
    <message>
        <source>smaller file</source>
        <translation>文件更小</translation>
    </message>
</context>
<context>
    <name>DuplicatesPage</name>
    <message numerus="yes">
        <source>%Ln groups of videos share content.</source>
        <translation>
            <numerusform>%Ln 组视频有相同内容。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln identical files</source>
        <translation>
            <numerusform>%Ln 个相同的文件</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln videos share content</source>
        <translation>
            <numerusform>%Ln 个视频有相同内容</numerusform>
        </translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>已取消。</translation>
    </message>
    <message>
        <source>Compared is what is seen, whatever the size, bars, colours and format. No file is deleted: hide the ones you do not want to find, or open their folders.</source>
        <translation>比较的是画面内容，不论大小、黑边、颜色和格式。不会删除任何文件：请隐藏您不想找到的，或打开它们的文件夹。</translation>
    </message>
    <message>
        <source>Comparing every video with every other</source>
        <translation>正在两两比较所有视频</translation>
    </message>
    <message>
        <source>Duplicates</source>
        <translation>重复内容</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>重新查找</translation>
    </message>
    <message>
        <source>Looking for videos that share content</source>
        <translation>正在查找有相同内容的视频</translation>
    </message>
    <message>
        <source>No two videos of your library share content.</source>
        <translation>您的资料库中没有内容相同的视频。</translation>
    </message>
    <message numerus="yes">
        <source>… and %Ln more groups</source>
        <translation>
            <numerusform>……还有 %Ln 组</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Elsewhere</name>
    <message>
        <source>Reelfind · {server}</source>
        <translation>Reelfind · {server}</translation>
    </message>
</context>
<context>
    <name>Empty</name>
    <message>
        <source>No videos here yet</source>
        <translation>这里还没有视频</translation>
    </message>
    <message>
        <source>Nothing found for “{query}”</source>
        <translation>没有找到“{query}”</translation>
    </message>
    <message>
        <source>The server has no video that can be searched.</source>
        <translation>服务器上没有可以搜索的视频。</translation>
    </message>
    <message>
        <source>There is no video in your folders that can be searched. Add another folder, or put videos into one: new files are found by themselves.</source>
        <translation>您的文件夹中没有可以搜索的视频。请添加其他文件夹，或把视频放进已有的文件夹：新文件会自动找到。</translation>
    </message>
    <message>
        <source>Try fewer or other words, or search in all folders.</source>
        <translation>请减少或更换词语，或在所有文件夹中搜索。</translation>
    </message>
</context>
<context>
    <name>EncoderRow</name>
    <message>
        <source>A faster computer in your network can look at the frames. Run “reelfind serve-encoder” there, and enter the address and token that it prints. Only frames to be indexed are sent.</source>
        <translation>网络中速度更快的电脑可以代为处理画面。请在那台电脑上运行“reelfind serve-encoder”，然后输入它显示的地址和令牌。只会发送要建立索引的画面。</translation>
    </message>
    <message>
        <source>Address of the other computer</source>
        <translation>另一台电脑的地址</translation>
    </message>
    <message>
        <source>Let another computer help</source>
        <translation>让另一台电脑协助</translation>
    </message>
    <message>
        <source>Test the connection to the other computer</source>
        <translation>测试与另一台电脑的连接</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>Token of the other computer</source>
        <translation>另一台电脑的令牌</translation>
    </message>
    <message>
        <source>{name} encodes frames for this computer, with {provider}.</source>
        <translation>{name} 正在用 {provider} 为这台电脑处理画面。</translation>
    </message>
</context>
<context>
    <name>EngineButton</name>
    <message>
        <source>Answers are not re-scored. This model has a trained head for it (T-MASS).</source>
        <translation>结果未重新评分。此模型有为此训练的评分头（T-MASS）。</translation>
    </message>
    <message>
        <source>Answers are not re-scored: this model has no trained head.</source>
        <translation>结果未重新评分：此模型没有训练过的评分头。</translation>
    </message>
    <message>
        <source>Answers are re-scored with the model&apos;s trained head (T-MASS).</source>
        <translation>结果由模型训练过的评分头重新评分（T-MASS）。</translation>
    </message>
    <message>
        <source>Best frame</source>
        <translation>最佳画面</translation>
    </message>
    <message>
        <source>Choose the model and how answers are ranked</source>
        <translation>选择模型和结果的排序方式</translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation>正在加载…</translation>
    </message>
    <message>
        <source>Mean and variance (CRET)</source>
        <translation>均值与方差（CRET）</translation>
    </message>
    <message>
        <source>Mean of the frames</source>
        <translation>画面的平均值</translation>
    </message>
    <message>
        <source>Model: {model}</source>
        <translation>模型：{model}</translation>
    </message>
    <message>
        <source>Models…</source>
        <translation>模型…</translation>
    </message>
    <message>
        <source>Plain pooling</source>
        <translation>简单平均</translation>
    </message>
    <message>
        <source>Re-score with T-MASS</source>
        <translation>用 T-MASS 重新评分</translation>
    </message>
    <message>
        <source>Soft maximum</source>
        <translation>软最大值</translation>
    </message>
    <message>
        <source>Three best frames</source>
        <translation>最佳的三个画面</translation>
    </message>
    <message>
        <source>{model} (preparing)</source>
        <translation>{model}（准备中）</translation>
    </message>
    <message>
        <source>{model} runs on {provider}.</source>
        <translation>{model} 运行于 {provider}。</translation>
    </message>
</context>
<context>
    <name>EntryModel</name>
    <message numerus="yes">
        <source>%Ln new</source>
        <translation>
            <numerusform>%Ln 个新结果</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln new matches</source>
        <translation>
            <numerusform>%Ln 个新匹配</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln videos and moments</source>
        <translation>
            <numerusform>%Ln 个视频和片段</numerusform>
        </translation>
    </message>
    <message>
        <source>{name}, {matches}</source>
        <translation>{name}，{matches}</translation>
    </message>
    <message>
        <source>{name}, {things}</source>
        <translation>{name}，{things}</translation>
    </message>
</context>
<context>
    <name>ErrorDialog</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详细信息</translation>
    </message>
    <message>
        <source>Open log</source>
        <translation>打开日志</translation>
    </message>
    <message>
        <source>Reelfind</source>
        <translation>Reelfind</translation>
    </message>
    <message>
        <source>Something went wrong in Reelfind</source>
        <translation>Reelfind 出了问题</translation>
    </message>
    <message>
        <source>Your videos and what was indexed are not affected, and Reelfind goes on. If something does not work as it should, close Reelfind and open it again.</source>
        <translation>您的视频和索引不受影响，Reelfind 会继续运行。如果有什么不正常，请关闭 Reelfind 后重新打开。</translation>
    </message>
    <message>
        <source>{text} This happened {n} times.</source>
        <translation>{text} 这已发生 {n} 次。</translation>
    </message>
</context>
<context>
    <name>EventList</name>
    <message>
        <source>Recent events</source>
        <translation>最近的事件</translation>
    </message>
</context>
<context>
    <name>Evidence</name>
    <message>
        <source>In its name: “{quote}”</source>
        <translation>名称中：“{quote}”</translation>
    </message>
    <message>
        <source>Not seen: {text}, {percent} sure</source>
        <translation>未看到：{text}，{percent} 确定</translation>
    </message>
    <message>
        <source>Said: “{quote}”</source>
        <translation>说到：“{quote}”</translation>
    </message>
    <message>
        <source>Seen: {text}, {percent} sure</source>
        <translation>看到：{text}，{percent} 确定</translation>
    </message>
    <message>
        <source>Written in the picture: “{quote}”</source>
        <translation>画面中写着：“{quote}”</translation>
    </message>
</context>
<context>
    <name>ExcludeRow</name>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>Files and folders that match are not indexed. One pattern a line, as in a .gitignore file: *.tmp, Archive/, /2019/*</source>
        <translation>匹配的文件和文件夹不会被索引。每行一个模式，与 .gitignore 文件相同：*.tmp、Archive/、/2019/*</translation>
    </message>
    <message>
        <source>Leave out</source>
        <translation>排除</translation>
    </message>
    <message numerus="yes">
        <source>Leaves out %Ln video(s) of this library:</source>
        <translation>
            <numerusform>将排除此资料库中的 %Ln 个视频：</numerusform>
        </translation>
    </message>
    <message>
        <source>No video of this library matches.</source>
        <translation>此资料库中没有匹配的视频。</translation>
    </message>
    <message>
        <source>Nothing is left out.</source>
        <translation>没有排除任何内容。</translation>
    </message>
    <message>
        <source>Patterns to leave out</source>
        <translation>要排除的模式</translation>
    </message>
    <message numerus="yes">
        <source>… and %Ln more</source>
        <translation>
            <numerusform>……还有 %Ln 个</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExportChoices</name>
    <message>
        <source>A small picture of each moment that moves, without sound. At most 30 seconds.</source>
        <translation>每个片段的小动图，无声。最长 30 秒。</translation>
    </message>
    <message>
        <source>A video of each moment.</source>
        <translation>每个片段一个视频。</translation>
    </message>
    <message>
        <source>Animations</source>
        <translation>动图</translation>
    </message>
    <message>
        <source>As it is</source>
        <translation>保持原样</translation>
    </message>
    <message>
        <source>CSV</source>
        <translation>CSV</translation>
    </message>
    <message>
        <source>Clips</source>
        <translation>片段视频</translation>
    </message>
    <message>
        <source>Contact sheet</source>
        <translation>缩略图表</translation>
    </message>
    <message>
        <source>DaVinci Resolve, Premiere Pro 25.2 and later.</source>
        <translation>DaVinci Resolve、Premiere Pro 25.2 及更高版本。</translation>
    </message>
    <message>
        <source>EDL</source>
        <translation>EDL</translation>
    </message>
    <message>
        <source>Exact start and end</source>
        <translation>精确起止</translation>
    </message>
    <message>
        <source>FCPXML</source>
        <translation>FCPXML</translation>
    </message>
    <message>
        <source>Final Cut Pro, DaVinci Resolve.</source>
        <translation>Final Cut Pro、DaVinci Resolve。</translation>
    </message>
    <message>
        <source>For scripts.</source>
        <translation>用于脚本。</translation>
    </message>
    <message>
        <source>For spreadsheets.</source>
        <translation>用于电子表格。</translation>
    </message>
    <message>
        <source>Frames with their times on one picture.</source>
        <translation>一张图上的多个画面及其时间。</translation>
    </message>
    <message>
        <source>GIF</source>
        <translation>GIF</translation>
    </message>
    <message>
        <source>JPEG</source>
        <translation>JPEG</translation>
    </message>
    <message>
        <source>JSON</source>
        <translation>JSON</translation>
    </message>
    <message>
        <source>Large files without loss.</source>
        <translation>文件大，无损。</translation>
    </message>
    <message>
        <source>Nearly every editing program; cuts only.</source>
        <translation>几乎所有剪辑软件；仅含剪切。</translation>
    </message>
    <message>
        <source>OpenTimelineIO</source>
        <translation>OpenTimelineIO</translation>
    </message>
    <message>
        <source>PNG</source>
        <translation>PNG</translation>
    </message>
    <message>
        <source>Plays everywhere, with 256 colours.</source>
        <translation>到处都能播放，256 色。</translation>
    </message>
    <message>
        <source>Premiere Pro, DaVinci Resolve.</source>
        <translation>Premiere Pro、DaVinci Resolve。</translation>
    </message>
    <message>
        <source>Premiere XML</source>
        <translation>Premiere XML</translation>
    </message>
    <message>
        <source>Quick and without loss. A clip may begin a few seconds early, at the nearest place where the video can be cut.</source>
        <translation>快速且无损。片段可能提前几秒开始，即视频最近的可剪切处。</translation>
    </message>
    <message>
        <source>Several frames of a single moment, or the best frame of each.</source>
        <translation>单个片段的多个画面，或每个片段的最佳画面。</translation>
    </message>
    <message>
        <source>Small files that open everywhere.</source>
        <translation>文件小，到处都能打开。</translation>
    </message>
    <message>
        <source>Smaller, with all colours.</source>
        <translation>更小，保留全部颜色。</translation>
    </message>
    <message>
        <source>Stills</source>
        <translation>静态图</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>表格</translation>
    </message>
    <message>
        <source>The best frame of each moment in full size.</source>
        <translation>每个片段的全尺寸最佳画面。</translation>
    </message>
    <message>
        <source>The moments in order, with sound, for an editing program. No video is copied.</source>
        <translation>按顺序排列的片段，含声音，用于剪辑软件。不复制视频。</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>时间线</translation>
    </message>
    <message>
        <source>To the frame. Takes longer: the picture is encoded again.</source>
        <translation>精确到帧。耗时较长：画面会重新编码。</translation>
    </message>
    <message>
        <source>WebP</source>
        <translation>WebP</translation>
    </message>
    <message>
        <source>Where the moments are: file, start and end, and why they were found.</source>
        <translation>片段所在位置：文件、起止时间，以及找到它们的原因。</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message numerus="yes">
        <source>Export %Ln moments</source>
        <translation>
            <numerusform>导出 %Ln 个片段</numerusform>
        </translation>
    </message>
    <message>
        <source>Export to</source>
        <translation>导出到</translation>
    </message>
    <message numerus="yes">
        <source>Exporting %Ln moments</source>
        <translation>
            <numerusform>正在导出 %Ln 个片段</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing was exported</source>
        <translation>没有导出任何内容</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>正在启动…</translation>
    </message>
    <message>
        <source>You can close this window: the export goes on.</source>
        <translation>您可以关闭此窗口：导出会继续。</translation>
    </message>
</context>
<context>
    <name>ExportFlow</name>
    <message numerus="yes">
        <source>%Ln moments could not be exported</source>
        <translation>
            <numerusform>%Ln 个片段无法导出</numerusform>
        </translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Exporting…</source>
        <translation>正在导出…</translation>
    </message>
    <message>
        <source>Show the export</source>
        <translation>显示导出</translation>
    </message>
    <message>
        <source>Stop the export</source>
        <translation>停止导出</translation>
    </message>
</context>
<context>
    <name>ExportForm</name>
    <message>
        <source> per second</source>
        <translation> 每秒</translation>
    </message>
    <message>
        <source> pixels</source>
        <translation> 像素</translation>
    </message>
    <message>
        <source> s</source>
        <translation>秒</translation>
    </message>
    <message>
        <source>Choose the folder to export to</source>
        <translation>选择导出文件夹</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Longer side</source>
        <translation>长边</translation>
    </message>
    <message>
        <source>More before and after</source>
        <translation>前后多留</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Pictures per second</source>
        <translation>每秒画面数</translation>
    </message>
    <message>
        <source>Seconds before and after</source>
        <translation>前后秒数</translation>
    </message>
    <message>
        <source>To</source>
        <translation>到</translation>
    </message>
    <message>
        <source>What to export</source>
        <translation>导出内容</translation>
    </message>
</context>
<context>
    <name>ExportNote</name>
    <message>
        <source>Exporting {percent}</source>
        <translation>正在导出 {percent}</translation>
    </message>
    <message>
        <source>Show the export</source>
        <translation>显示导出</translation>
    </message>
    <message>
        <source>Stop the export</source>
        <translation>停止导出</translation>
    </message>
</context>
<context>
    <name>ExportOutcome</name>
    <message numerus="yes">
        <source>%Ln moments could not be exported:</source>
        <translation>
            <numerusform>%Ln 个片段无法导出：</numerusform>
        </translation>
    </message>
    <message>
        <source>And {n} more.</source>
        <translation>还有 {n} 个。</translation>
    </message>
    <message>
        <source>What was exported</source>
        <translation>已导出的内容</translation>
    </message>
</context>
<context>
    <name>ExportWords</name>
    <message numerus="yes">
        <source>%Ln files</source>
        <translation>
            <numerusform>%Ln 个文件</numerusform>
        </translation>
    </message>
    <message>
        <source>About {needed} · {free} free</source>
        <translation>约 {needed} · 可用 {free}</translation>
    </message>
    <message>
        <source>Clips begin up to {time} early. For exact clips, choose “Exact start and end”.</source>
        <translation>片段最多提前 {time} 开始。若要精确，请选择“精确起止”。</translation>
    </message>
    <message>
        <source>Export stopped</source>
        <translation>导出已停止</translation>
    </message>
    <message>
        <source>Exported</source>
        <translation>已导出</translation>
    </message>
    <message>
        <source>Not enough space: needs about {needed}, {free} free.</source>
        <translation>空间不足：约需 {needed}，可用 {free}。</translation>
    </message>
    <message>
        <source>Nothing was exported</source>
        <translation>没有导出任何内容</translation>
    </message>
    <message>
        <source>This folder cannot be used. Choose another one.</source>
        <translation>无法使用此文件夹。请选择其他文件夹。</translation>
    </message>
    <message>
        <source>{files} in {folder}</source>
        <translation>{folder} 中的{files}</translation>
    </message>
    <message>
        <source>{n} of {m}</source>
        <translation>{n} / {m}</translation>
    </message>
</context>
<context>
    <name>FilterPanel</name>
    <message>
        <source>Any</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>At least</source>
        <translation>至少</translation>
    </message>
    <message>
        <source>At most</source>
        <translation>至多</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>早于</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>Clear filters</source>
        <translation>清除筛选</translation>
    </message>
    <message>
        <source>Collection</source>
        <translation>合集</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Favourites only</source>
        <translation>仅收藏</translation>
    </message>
    <message>
        <source>File type</source>
        <translation>文件类型</translation>
    </message>
    <message>
        <source>Filters</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>From</source>
        <translation>从</translation>
    </message>
    <message>
        <source>Next step within</source>
        <translation>下一步在此时间内</translation>
    </message>
    <message>
        <source>Not in the picture</source>
        <translation>画面中没有</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>Resolution</source>
        <translation>分辨率</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>Tag</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Words in the picture</source>
        <translation>画面中的文字</translation>
    </message>
    <message>
        <source>Words of the file’s name</source>
        <translation>文件名中的词</translation>
    </message>
    <message>
        <source>Words that are said</source>
        <translation>说到的话</translation>
    </message>
    <message>
        <source>cars, people</source>
        <translation>汽车，人</translation>
    </message>
</context>
<context>
    <name>FolderDialog</name>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Add folders of videos</source>
        <translation>添加视频文件夹</translation>
    </message>
</context>
<context>
    <name>FolderModel</name>
    <message numerus="yes">
        <source>%Ln folders in it cannot be opened.</source>
        <translation>
            <numerusform>其中有 %Ln 个文件夹无法打开。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln videos</source>
        <translation>
            <numerusform>%Ln 个视频</numerusform>
        </translation>
    </message>
    <message>
        <source>All folders</source>
        <translation>所有文件夹</translation>
    </message>
    <message>
        <source>Cannot be opened · {videos}</source>
        <translation>无法打开 · {videos}</translation>
    </message>
    <message>
        <source>Not connected · {videos}</source>
        <translation>未连接 · {videos}</translation>
    </message>
    <message>
        <source>Partly closed · {videos}</source>
        <translation>部分无法进入 · {videos}</translation>
    </message>
    <message>
        <source>Waiting…</source>
        <translation>等待中…</translation>
    </message>
    <message>
        <source>{done} of {videos}</source>
        <translation>{done} / {videos}</translation>
    </message>
</context>
<context>
    <name>FolderPanel</name>
    <message>
        <source>Add folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Its moments will no longer be found. No video file is touched; you can add the folder again.</source>
        <translation>其中的片段将不再被找到。视频文件不受影响；您可以再次添加此文件夹。</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Look through again</source>
        <translation>重新检查</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Reelfind</source>
        <translation>Reelfind</translation>
    </message>
    <message>
        <source>Remove folder</source>
        <translation>移除文件夹</translation>
    </message>
    <message>
        <source>Remove from Reelfind</source>
        <translation>从 Reelfind 中移除</translation>
    </message>
    <message>
        <source>Remove from Reelfind…</source>
        <translation>从 Reelfind 中移除…</translation>
    </message>
    <message>
        <source>Remove “{name}” from Reelfind?</source>
        <translation>要从 Reelfind 中移除“{name}”吗？</translation>
    </message>
    <message>
        <source>Search in this folder</source>
        <translation>在此文件夹中搜索</translation>
    </message>
    <message>
        <source>Side panel</source>
        <translation>侧栏</translation>
    </message>
</context>
<context>
    <name>FolderRow</name>
    <message numerus="yes">
        <source>%Ln problems</source>
        <translation>
            <numerusform>%Ln 个问题</numerusform>
        </translation>
    </message>
    <message>
        <source>Look through this folder again</source>
        <translation>重新检查此文件夹</translation>
    </message>
    <message>
        <source>Progress of {name}</source>
        <translation>{name} 的进度</translation>
    </message>
    <message>
        <source>not connected</source>
        <translation>未连接</translation>
    </message>
    <message>
        <source>{done} of {all}</source>
        <translation>{done} / {all}</translation>
    </message>
</context>
<context>
    <name>Formatting</name>
    <message>
        <source>{hours} h</source>
        <translation>{hours} 小时</translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation>{hours} 小时 {minutes} 分钟</translation>
    </message>
    <message>
        <source>{minutes} min</source>
        <translation>{minutes} 分钟</translation>
    </message>
    <message>
        <source>{number} %</source>
        <translation>{number}%</translation>
    </message>
    <message>
        <source>{number} frames/s</source>
        <translation>{number} 帧/秒</translation>
    </message>
    <message>
        <source>{number}× real time</source>
        <translation>{number} 倍实时速度</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} 秒</translation>
    </message>
</context>
<context>
    <name>GroupHeading</name>
    <message>
        <source>Try these again</source>
        <translation>重试这些</translation>
    </message>
    <message>
        <source>Try these again: {group}</source>
        <translation>重试这些：{group}</translation>
    </message>
</context>
<context>
    <name>HoursField</name>
    <message>
        <source>At any time</source>
        <translation>任何时间</translation>
    </message>
    <message>
        <source>Between</source>
        <translation>时段</translation>
    </message>
    <message>
        <source>From</source>
        <translation>从</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>到</translation>
    </message>
</context>
<context>
    <name>InstalledRow</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Cancel the switch to {model}</source>
        <translation>取消切换到 {model}</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>以后再说</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Remove {model}</source>
        <translation>移除 {model}</translation>
    </message>
    <message>
        <source>Remove {model} from this computer? That frees {size}. To use it again it has to be added again, and your videos re-indexed.</source>
        <translation>要从此电脑移除 {model} 吗？这将释放 {size}。若要再次使用，需要重新添加并重新索引您的视频。</translation>
    </message>
    <message>
        <source>Switch now</source>
        <translation>立即切换</translation>
    </message>
    <message>
        <source>Switch to {model} now</source>
        <translation>立即切换到 {model}</translation>
    </message>
    <message>
        <source>Until then the model in use keeps answering.</source>
        <translation>在此之前，当前模型会继续提供结果。</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Use it</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Use {model}</source>
        <translation>使用 {model}</translation>
    </message>
    <message>
        <source>{model} is ready.</source>
        <translation>{model} 已就绪。</translation>
    </message>
</context>
<context>
    <name>KeptCommands</name>
    <message>
        <source>Collections</source>
        <translation>合集</translation>
    </message>
    <message>
        <source>Export favourites, tags and collections…</source>
        <translation>导出收藏、标签和合集…</translation>
    </message>
    <message>
        <source>Find duplicates</source>
        <translation>查找重复内容</translation>
    </message>
    <message>
        <source>Import favourites, tags and collections…</source>
        <translation>导入收藏、标签和合集…</translation>
    </message>
    <message>
        <source>New collection…</source>
        <translation>新建合集…</translation>
    </message>
    <message>
        <source>Show favourites</source>
        <translation>显示收藏</translation>
    </message>
    <message>
        <source>Show what is hidden</source>
        <translation>显示已隐藏的内容</translation>
    </message>
    <message>
        <source>Undo the last change of marks</source>
        <translation>撤销上次的标记更改</translation>
    </message>
</context>
<context>
    <name>KeptEntries</name>
    <message>
        <source>Duplicates</source>
        <translation>重复内容</translation>
    </message>
    <message>
        <source>Favourites</source>
        <translation>收藏</translation>
    </message>
    <message>
        <source>Hidden</source>
        <translation>已隐藏</translation>
    </message>
</context>
<context>
    <name>KeptFlow</name>
    <message>
        <source>Delete…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>Everything that was hidden can be found again.</source>
        <translation>所有隐藏的内容又可以找到了。</translation>
    </message>
    <message>
        <source>Export favourites, collections, tags and searches</source>
        <translation>导出收藏、合集、标签和搜索</translation>
    </message>
    <message>
        <source>Exported library (*.json)</source>
        <translation>导出的资料库 (*.json)</translation>
    </message>
    <message>
        <source>Exported.</source>
        <translation>已导出。</translation>
    </message>
    <message>
        <source>Import favourites, collections, tags and searches</source>
        <translation>导入收藏、合集、标签和搜索</translation>
    </message>
    <message numerus="yes">
        <source>Imported: %Ln new things.</source>
        <translation>
            <numerusform>已导入 %Ln 项新内容。</numerusform>
        </translation>
    </message>
    <message>
        <source>Name of the collection:</source>
        <translation>合集名称：</translation>
    </message>
    <message>
        <source>Name of the search:</source>
        <translation>搜索名称：</translation>
    </message>
    <message>
        <source>New collection</source>
        <translation>新建合集</translation>
    </message>
    <message>
        <source>New name:</source>
        <translation>新名称：</translation>
    </message>
    <message>
        <source>Reelfind library.json</source>
        <translation>Reelfind 资料库.json</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Run this search</source>
        <translation>运行此搜索</translation>
    </message>
    <message>
        <source>Save this search</source>
        <translation>保存此搜索</translation>
    </message>
    <message>
        <source>Search for something first.</source>
        <translation>请先进行一次搜索。</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Show all again</source>
        <translation>全部重新显示</translation>
    </message>
    <message>
        <source>The search is saved. New matches are counted from now on.</source>
        <translation>搜索已保存。从现在起会统计新的匹配。</translation>
    </message>
    <message>
        <source>There is no search to save.</source>
        <translation>没有可保存的搜索。</translation>
    </message>
</context>
<context>
    <name>KeptQuestions</name>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Delete the collection “{name}”?</source>
        <translation>要删除合集“{name}”吗？</translation>
    </message>
    <message>
        <source>Delete the saved search “{name}”?</source>
        <translation>要删除已保存的搜索“{name}”吗？</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Remove the tag “{name}” from everything?</source>
        <translation>要从所有内容中移除标签“{name}”吗？</translation>
    </message>
    <message>
        <source>What has this tag stays in your library.</source>
        <translation>带有此标签的内容会留在您的资料库中。</translation>
    </message>
    <message>
        <source>What is in it stays in your library; only the collection goes.</source>
        <translation>其中的内容会留在您的资料库中；只删除合集本身。</translation>
    </message>
    <message>
        <source>You can save the same search again at any time.</source>
        <translation>您可以随时再次保存同样的搜索。</translation>
    </message>
</context>
<context>
    <name>KeptSections</name>
    <message>
        <source>Collections</source>
        <translation>合集</translation>
    </message>
    <message>
        <source>Drag moments here, or make a collection with +.</source>
        <translation>把片段拖到这里，或用 + 新建合集。</translation>
    </message>
    <message>
        <source>Export and import</source>
        <translation>导出和导入</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>资料库</translation>
    </message>
    <message>
        <source>New collection…</source>
        <translation>新建合集…</translation>
    </message>
    <message>
        <source>Press the star beside the search box to keep a search here.</source>
        <translation>点按搜索框旁的星标，即可将搜索保存在此处。</translation>
    </message>
    <message>
        <source>Saved searches</source>
        <translation>已保存的搜索</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
</context>
<context>
    <name>LibraryControl</name>
    <message>
        <source>Choose one in the menu at the bottom right.</source>
        <translation>请在右下角的菜单中选择一个。</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Reelfind</source>
        <translation>Reelfind</translation>
    </message>
</context>
<context>
    <name>MarkDialog</name>
    <message numerus="yes">
        <source>%Ln moments</source>
        <translation>
            <numerusform>%Ln 个片段</numerusform>
        </translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Collections</source>
        <translation>合集</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Shown is what all of them have; the rest stays.</source>
        <translation>这里显示的是它们共有的；其余不变。</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Tags and note</source>
        <translation>标签和备注</translation>
    </message>
    <message>
        <source>These have different notes. What you write replaces them.</source>
        <translation>它们的备注各不相同。您写的内容将替换它们。</translation>
    </message>
    <message>
        <source>Type a collection, then press Enter</source>
        <translation>输入合集名称，然后按回车</translation>
    </message>
    <message>
        <source>Type a tag, then press Enter</source>
        <translation>输入标签，然后按回车</translation>
    </message>
    <message>
        <source>{name}, {start} – {end}</source>
        <translation>{name}，{start} – {end}</translation>
    </message>
</context>
<context>
    <name>MarksFlow</name>
    <message numerus="yes">
        <source>%Ln moments added to favourites.</source>
        <translation>
            <numerusform>已收藏 %Ln 个片段。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln moments added to “{name}”.</source>
        <translation>
            <numerusform>已将 %Ln 个片段加入“{name}”。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln moments can be found again.</source>
        <translation>
            <numerusform>%Ln 个片段又可以找到了。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln moments tagged “{name}”.</source>
        <translation>
            <numerusform>已为 %Ln 个片段加上标签“{name}”。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln moments taken out of favourites.</source>
        <translation>
            <numerusform>已取消收藏 %Ln 个片段。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln videos hidden. Searches pass over them.</source>
        <translation>
            <numerusform>已隐藏 %Ln 个视频。搜索会跳过它们。</numerusform>
        </translation>
    </message>
    <message>
        <source>Hide from searches</source>
        <translation>从搜索中隐藏</translation>
    </message>
    <message>
        <source>Name of the collection:</source>
        <translation>合集名称：</translation>
    </message>
    <message>
        <source>New collection</source>
        <translation>新建合集</translation>
    </message>
    <message>
        <source>New collection…</source>
        <translation>新建合集…</translation>
    </message>
    <message>
        <source>Show again in searches</source>
        <translation>重新在搜索中显示</translation>
    </message>
    <message numerus="yes">
        <source>Tags and notes of %Ln moments saved.</source>
        <translation>
            <numerusform>已保存 %Ln 个片段的标签和备注。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Tags of %Ln moments saved.</source>
        <translation>
            <numerusform>已保存 %Ln 个片段的标签。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ModelMenu</name>
    <message>
        <source>Now using {model}</source>
        <translation>现在使用 {model}</translation>
    </message>
    <message>
        <source>{model} was added</source>
        <translation>已添加 {model}</translation>
    </message>
</context>
<context>
    <name>Models</name>
    <message>
        <source>Adding</source>
        <translation>正在添加</translation>
    </message>
    <message>
        <source>Adding {model}</source>
        <translation>正在添加 {model}</translation>
    </message>
    <message>
        <source>Checking and copying…</source>
        <translation>正在检查并复制…</translation>
    </message>
    <message>
        <source>Comparing it with the original…</source>
        <translation>正在与原模型比较…</translation>
    </message>
    <message>
        <source>Converting the image encoder…</source>
        <translation>正在转换图像编码器…</translation>
    </message>
    <message>
        <source>Converting the text encoder…</source>
        <translation>正在转换文本编码器…</translation>
    </message>
    <message>
        <source>Downloading: {done}</source>
        <translation>正在下载：{done}</translation>
    </message>
    <message>
        <source>Downloading: {done} of {total}</source>
        <translation>正在下载：{done} / {total}</translation>
    </message>
    <message>
        <source>English</source>
        <translation>英语</translation>
    </message>
    <message>
        <source>For research only: Apple&apos;s licence of the weights allows nothing else.</source>
        <translation>仅限研究：Apple 的权重许可证不允许其他用途。</translation>
    </message>
    <message>
        <source>ImageNet: how often the right one of 1,000 things is named. COCO: how often a description finds its picture first. XM3600: how often an English description finds its picture, as a mean over the first, the first five and the first ten. Published: {source}.</source>
        <translation>ImageNet：在 1,000 种事物中说对的比例。COCO：描述首先找到其对应图片的比例。XM3600：英语描述找到其对应图片的比例，取第一位、前五位和前十位的平均值。数据来源：{source}。</translation>
    </message>
    <message numerus="yes">
        <source>Indexing your %Ln videos again takes about {time}.</source>
        <translation>
            <numerusform>重新为您的 %Ln 个视频建立索引大约需要 {time}。</numerusform>
        </translation>
    </message>
    <message>
        <source>It needs about {needed} of memory to be prepared; this computer has {there}.</source>
        <translation>准备它大约需要 {needed} 内存；这台电脑有 {there}。</translation>
    </message>
    <message>
        <source>Making the quick variant for the processor…</source>
        <translation>正在生成适合处理器的快速版本…</translation>
    </message>
    <message>
        <source>Making the variant for graphics cards…</source>
        <translation>正在生成适合显卡的版本…</translation>
    </message>
    <message>
        <source>No kind of model that Reelfind knows was recognised there.</source>
        <translation>未在其中识别出 Reelfind 所知的模型类型。</translation>
    </message>
    <message>
        <source>Not for commercial use: its licence forbids that.</source>
        <translation>不可用于商业用途：其许可证禁止这样做。</translation>
    </message>
    <message>
        <source>Not trained: its weights are random, and so are its answers. It is for trying things out.</source>
        <translation>未经训练：其权重是随机的，因此结果也是随机的。仅供试用。</translation>
    </message>
    <message>
        <source>OpenAI&apos;s model card calls any deployed use out of scope.</source>
        <translation>OpenAI 的模型说明称任何部署使用都不在其预期范围内。</translation>
    </message>
    <message>
        <source>Reading the weights…</source>
        <translation>正在读取权重…</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>正在启动…</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>This is a model of Reelfind’s own kind.</source>
        <translation>这是 Reelfind 自有格式的模型。</translation>
    </message>
    <message>
        <source>This is an ONNX export as {publisher} publishes them.</source>
        <translation>这是 {publisher} 发布的那种 ONNX 导出。</translation>
    </message>
    <message>
        <source>With a frame per second of video, an hour of video takes about {time}.</source>
        <translation>按每秒一帧计算，一小时视频大约需要 {time}。</translation>
    </message>
    <message>
        <source>XM3600 in some languages: {figures}.</source>
        <translation>部分语言的 XM3600：{figures}。</translation>
    </message>
    <message>
        <source>about 100</source>
        <translation>约 100 种</translation>
    </message>
    <message>
        <source>about {rate} here</source>
        <translation>本机约 {rate}</translation>
    </message>
    <message>
        <source>about {time} left</source>
        <translation>大约还需 {time}</translation>
    </message>
    <message>
        <source>languages: {languages}</source>
        <translation>语言：{languages}</translation>
    </message>
    <message>
        <source>more than 100</source>
        <translation>100 多种</translation>
    </message>
    <message>
        <source>plain pooling</source>
        <translation>简单平均</translation>
    </message>
    <message>
        <source>with trained re-scoring</source>
        <translation>带训练过的重新评分</translation>
    </message>
    <message>
        <source>{n} of {m} ready</source>
        <translation>{n} / {m} 已就绪</translation>
    </message>
    <message>
        <source>{size} of it have arrived and are kept.</source>
        <translation>其中 {size} 已下载并会保留。</translation>
    </message>
    <message>
        <source>{size} of memory</source>
        <translation>{size} 内存</translation>
    </message>
    <message>
        <source>{size} to download</source>
        <translation>需下载 {size}</translation>
    </message>
    <message>
        <source>{size}/s</source>
        <translation>{size}/秒</translation>
    </message>
</context>
<context>
    <name>ModelsDialog</name>
    <message>
        <source>A model decides which descriptions find which moments. After a change your videos are re-indexed in the background; until then the model in use keeps answering.</source>
        <translation>模型决定哪些描述能找到哪些片段。更换模型后，您的视频会在后台重新索引；在此之前仍由当前模型回答。</translation>
    </message>
    <message>
        <source>Add another…</source>
        <translation>添加其他…</translation>
    </message>
    <message>
        <source>Adding another model</source>
        <translation>正在添加其他模型</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>在此电脑上</translation>
    </message>
    <message>
        <source>Recommended</source>
        <translation>推荐</translation>
    </message>
</context>
<context>
    <name>MomentFlow</name>
    <message numerus="yes">
        <source>Indexing %Ln videos again</source>
        <translation>
            <numerusform>正在重新索引 %Ln 个视频</numerusform>
        </translation>
    </message>
    <message>
        <source>Path and time copied</source>
        <translation>已复制路径和时间</translation>
    </message>
</context>
<context>
    <name>MomentMenu</name>
    <message>
        <source>Add to collection…</source>
        <translation>加入合集…</translation>
    </message>
    <message>
        <source>Add to favourites</source>
        <translation>加入收藏</translation>
    </message>
    <message>
        <source>Clear selection</source>
        <translation>清除选择</translation>
    </message>
    <message>
        <source>Copy path and time</source>
        <translation>复制路径和时间</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Group by moment or by video</source>
        <translation>按片段或按视频分组</translation>
    </message>
    <message>
        <source>Hide from searches</source>
        <translation>从搜索中隐藏</translation>
    </message>
    <message>
        <source>Index again</source>
        <translation>重新索引</translation>
    </message>
    <message>
        <source>More like this</source>
        <translation>更多类似内容</translation>
    </message>
    <message>
        <source>Next frame of the card</source>
        <translation>卡片的下一帧</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>播放</translation>
    </message>
    <message>
        <source>Play in the system’s player</source>
        <translation>用系统播放器播放</translation>
    </message>
    <message>
        <source>Previous frame of the card</source>
        <translation>卡片的上一帧</translation>
    </message>
    <message>
        <source>Remove from favourites</source>
        <translation>取消收藏</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>全选</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Show or hide less likely results</source>
        <translation>显示或隐藏可能性较小的结果</translation>
    </message>
    <message>
        <source>Tag and note…</source>
        <translation>标签和备注…</translation>
    </message>
</context>
<context>
    <name>NewMatches</name>
    <message numerus="yes">
        <source>%Ln new matches</source>
        <translation>
            <numerusform>%Ln 个新匹配</numerusform>
        </translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>以后再说</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Show {matches}</source>
        <translation>显示{matches}</translation>
    </message>
</context>
<context>
    <name>Nothing</name>
    <message>
        <source>Search without filters</source>
        <translation>不使用筛选搜索</translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>OfferModel</name>
    <message>
        <source>Recent search: {words}</source>
        <translation>最近的搜索：{words}</translation>
    </message>
    <message>
        <source>Saved search: {words}</source>
        <translation>已保存的搜索：{words}</translation>
    </message>
</context>
<context>
    <name>Operations</name>
    <message>
        <source>Something went wrong inside Reelfind.</source>
        <translation>Reelfind 内部出了问题。</translation>
    </message>
    <message>
        <source>The details are in its log. Please report this as a bug.</source>
        <translation>详情见日志。请将此作为错误报告。</translation>
    </message>
</context>
<context>
    <name>PatternField</name>
    <message>
        <source>*.tmp
Archive/
/2019/*</source>
        <translation>*.tmp
Archive/
/2019/*</translation>
    </message>
</context>
<context>
    <name>Playback</name>
    <message>
        <source>Pictures are left out: this computer can’t keep up.</source>
        <translation>部分画面被跳过：此电脑的速度跟不上。</translation>
    </message>
    <message>
        <source>Playing stopped here: {reason}</source>
        <translation>播放在此停止：{reason}</translation>
    </message>
    <message>
        <source>The rest of this video is damaged or missing.</source>
        <translation>此视频的其余部分已损坏或缺失。</translation>
    </message>
    <message>
        <source>This player can’t play “{name}”.</source>
        <translation>此播放器无法播放“{name}”。</translation>
    </message>
</context>
<context>
    <name>PlayerCommands</name>
    <message>
        <source>Add to favourites, or remove</source>
        <translation>添加到收藏或从中移除</translation>
    </message>
    <message>
        <source>Copy path and time</source>
        <translation>复制路径和时间</translation>
    </message>
    <message>
        <source>End the moment here</source>
        <translation>片段在此结束</translation>
    </message>
    <message>
        <source>Export the moment…</source>
        <translation>导出片段…</translation>
    </message>
    <message>
        <source>Full screen on or off</source>
        <translation>打开或关闭全屏</translation>
    </message>
    <message>
        <source>Loop the moment</source>
        <translation>循环播放片段</translation>
    </message>
    <message>
        <source>Mute or unmute</source>
        <translation>静音或取消静音</translation>
    </message>
    <message>
        <source>Next frame</source>
        <translation>下一帧</translation>
    </message>
    <message>
        <source>Next match in this video</source>
        <translation>此视频中的下一个匹配</translation>
    </message>
    <message>
        <source>Open in the system’s player</source>
        <translation>用系统播放器打开</translation>
    </message>
    <message>
        <source>Play faster</source>
        <translation>加快播放</translation>
    </message>
    <message>
        <source>Play or pause</source>
        <translation>播放或暂停</translation>
    </message>
    <message>
        <source>Play slower</source>
        <translation>减慢播放</translation>
    </message>
    <message>
        <source>Player</source>
        <translation>播放器</translation>
    </message>
    <message>
        <source>Previous frame</source>
        <translation>上一帧</translation>
    </message>
    <message>
        <source>Previous match in this video</source>
        <translation>此视频中的上一个匹配</translation>
    </message>
    <message>
        <source>Restore the moment’s start and end</source>
        <translation>恢复片段的起点和终点</translation>
    </message>
    <message>
        <source>Search for more like this frame</source>
        <translation>搜索更多类似此画面的内容</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Show or hide subtitles</source>
        <translation>显示或隐藏字幕</translation>
    </message>
    <message>
        <source>Show or hide the transcript</source>
        <translation>显示或隐藏文字记录</translation>
    </message>
    <message>
        <source>Show why this was found</source>
        <translation>显示找到它的原因</translation>
    </message>
    <message>
        <source>Start the moment here</source>
        <translation>片段从此开始</translation>
    </message>
    <message>
        <source>Tag the moment…</source>
        <translation>为片段加标签…</translation>
    </message>
    <message>
        <source>Turn the volume down</source>
        <translation>调低音量</translation>
    </message>
    <message>
        <source>Turn the volume up</source>
        <translation>调高音量</translation>
    </message>
</context>
<context>
    <name>PlayerControls</name>
    <message>
        <source>/ {length}</source>
        <translation>/ {length}</translation>
    </message>
    <message>
        <source>End the moment here (O)</source>
        <translation>片段在此结束 (O)</translation>
    </message>
    <message>
        <source>Full screen (F)</source>
        <translation>全屏 (F)</translation>
    </message>
    <message>
        <source>Leave full screen (F)</source>
        <translation>退出全屏 (F)</translation>
    </message>
    <message>
        <source>Loop the moment (L)</source>
        <translation>循环播放片段 (L)</translation>
    </message>
    <message>
        <source>Mute (M)</source>
        <translation>静音 (M)</translation>
    </message>
    <message>
        <source>Next moment (Down)</source>
        <translation>下一个片段 (↓)</translation>
    </message>
    <message>
        <source>Pause (Space)</source>
        <translation>暂停 (空格)</translation>
    </message>
    <message>
        <source>Play (Space)</source>
        <translation>播放 (空格)</translation>
    </message>
    <message>
        <source>Previous moment (Up)</source>
        <translation>上一个片段 (↑)</translation>
    </message>
    <message>
        <source>Speed (&lt; and &gt;)</source>
        <translation>速度 (&lt; 和 &gt;)</translation>
    </message>
    <message>
        <source>Speed: {speed}</source>
        <translation>速度：{speed}</translation>
    </message>
    <message>
        <source>Start the moment here (I)</source>
        <translation>片段从此开始 (I)</translation>
    </message>
    <message>
        <source>Subtitles (C)</source>
        <translation>字幕 (C)</translation>
    </message>
    <message>
        <source>Unmute (M)</source>
        <translation>取消静音 (M)</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>音量</translation>
    </message>
    <message>
        <source>{speed}×</source>
        <translation>{speed}×</translation>
    </message>
</context>
<context>
    <name>PlayerFlow</name>
    <message>
        <source>{n} of {m}</source>
        <translation>{n} / {m}</translation>
    </message>
</context>
<context>
    <name>PlayerHeader</name>
    <message>
        <source>Add the moment to favourites (B)</source>
        <translation>将此片段添加到收藏 (B)</translation>
    </message>
    <message>
        <source>Back to the results (Esc)</source>
        <translation>返回结果 (Esc)</translation>
    </message>
    <message>
        <source>Export the moment…</source>
        <translation>导出片段…</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Remove the moment from favourites (B)</source>
        <translation>将此片段从收藏中移除 (B)</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Transcript (T)</source>
        <translation>文字记录 (T)</translation>
    </message>
    <message>
        <source>Why this? (W)</source>
        <translation>为什么是它？(W)</translation>
    </message>
</context>
<context>
    <name>PlayerPage</name>
    <message>
        <source>Player</source>
        <translation>播放器</translation>
    </message>
    <message>
        <source>“{name}” can’t be read: its disk does not answer.</source>
        <translation>无法读取“{name}”：其磁盘没有响应。</translation>
    </message>
    <message>
        <source>“{name}” is on its way: the server takes long to answer.</source>
        <translation>“{name}”正在传输：服务器响应缓慢。</translation>
    </message>
</context>
<context>
    <name>ProblemCard</name>
    <message>
        <source>Partly indexed</source>
        <translation>部分已索引</translation>
    </message>
    <message>
        <source>Partly indexed, until {time}</source>
        <translation>部分已索引，到 {time}</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Tried once so far.</source>
        <translation>目前已尝试一次。</translation>
    </message>
    <message>
        <source>Tried {count} times so far.</source>
        <translation>目前已尝试 {count} 次。</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Trying…</source>
        <translation>正在尝试…</translation>
    </message>
    <message>
        <source>What is known of the videos in it can still be found.</source>
        <translation>其中已知的视频仍然可以找到。</translation>
    </message>
</context>
<context>
    <name>Problems</name>
    <message numerus="yes">
        <source>%Ln files could not be read</source>
        <translation>
            <numerusform>%Ln 个文件无法读取</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files only partly readable</source>
        <translation>
            <numerusform>%Ln 个文件只能部分读取</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files with problems</source>
        <translation>
            <numerusform>%Ln 个文件有问题</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln folders cannot be opened</source>
        <translation>
            <numerusform>%Ln 个文件夹无法打开</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln only in part</source>
        <translation>
            <numerusform>%Ln 个只能部分读取</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln problems</source>
        <translation>
            <numerusform>%Ln 个问题</numerusform>
        </translation>
    </message>
    <message>
        <source>Folders that cannot be opened</source>
        <translation>无法打开的文件夹</translation>
    </message>
    <message>
        <source>No problems</source>
        <translation>没有问题</translation>
    </message>
    <message>
        <source>Not readable</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>Partly indexed</source>
        <translation>部分已索引</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Try all again</source>
        <translation>全部重试</translation>
    </message>
    <message>
        <source>Will be tried again by itself</source>
        <translation>会自动重试</translation>
    </message>
    <message>
        <source>… and {count} more</source>
        <translation>……还有 {count} 个</translation>
    </message>
</context>
<context>
    <name>PromptFlow</name>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>Drop one to find others like it, or drop their folder to add it.</source>
        <translation>放入一个可查找类似内容，或放入其文件夹以添加它。</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Rename the file to search by it.</source>
        <translation>请重命名该文件后再用它搜索。</translation>
    </message>
    <message>
        <source>Search with a picture</source>
        <translation>用图片搜索</translation>
    </message>
    <message>
        <source>That is more than one video.</source>
        <translation>这里不止一个视频。</translation>
    </message>
    <message>
        <source>The name of “{name}” cannot be typed.</source>
        <translation>无法输入“{name}”的名称。</translation>
    </message>
</context>
<context>
    <name>QueryChip</name>
    <message>
        <source>Choose a part of the picture</source>
        <translation>选择图片的一部分</translation>
    </message>
    <message>
        <source>Edit: {words}</source>
        <translation>编辑：{words}</translation>
    </message>
    <message>
        <source>Remove: {words}</source>
        <translation>移除：{words}</translation>
    </message>
</context>
<context>
    <name>QueryChips</name>
    <message>
        <source>4K</source>
        <translation>4K</translation>
    </message>
    <message>
        <source>At least {value}</source>
        <translation>至少 {value}</translation>
    </message>
    <message>
        <source>At most {value}</source>
        <translation>至多 {value}</translation>
    </message>
    <message>
        <source>Before {value}</source>
        <translation>早于 {value}</translation>
    </message>
    <message>
        <source>Camera: {value}</source>
        <translation>相机：{value}</translation>
    </message>
    <message>
        <source>Choose a part of the picture</source>
        <translation>选择图片的一部分</translation>
    </message>
    <message>
        <source>Collection: {value}</source>
        <translation>合集：{value}</translation>
    </message>
    <message>
        <source>Count less</source>
        <translation>降低权重</translation>
    </message>
    <message>
        <source>Count more</source>
        <translation>提高权重</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Favourites</source>
        <translation>收藏</translation>
    </message>
    <message>
        <source>From {value}</source>
        <translation>从 {value} 起</translation>
    </message>
    <message>
        <source>HD or better</source>
        <translation>高清或更好</translation>
    </message>
    <message>
        <source>In {value}</source>
        <translation>在 {value} 中</translation>
    </message>
    <message>
        <source>Landscape</source>
        <translation>横向</translation>
    </message>
    <message>
        <source>Leave it out instead</source>
        <translation>改为排除</translation>
    </message>
    <message>
        <source>Like a part of {name}</source>
        <translation>类似 {name} 的一部分</translation>
    </message>
    <message>
        <source>Like {name}</source>
        <translation>类似 {name}</translation>
    </message>
    <message>
        <source>Like {name} at {time}</source>
        <translation>类似 {name} 的 {time} 处</translation>
    </message>
    <message>
        <source>Look for it again</source>
        <translation>重新查找它</translation>
    </message>
    <message>
        <source>Name: {value}</source>
        <translation>名称：{value}</translation>
    </message>
    <message>
        <source>Not: {words}</source>
        <translation>非：{words}</translation>
    </message>
    <message>
        <source>Place: {value}</source>
        <translation>地点：{value}</translation>
    </message>
    <message>
        <source>Portrait</source>
        <translation>纵向</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Said: “{words}”</source>
        <translation>说到：“{words}”</translation>
    </message>
    <message>
        <source>Square</source>
        <translation>方形</translation>
    </message>
    <message>
        <source>Tag: {value}</source>
        <translation>标签：{value}</translation>
    </message>
    <message>
        <source>Type: {value}</source>
        <translation>类型：{value}</translation>
    </message>
    <message>
        <source>Within {value}</source>
        <translation>在 {value} 内</translation>
    </message>
    <message>
        <source>Without {words}</source>
        <translation>不含 {words}</translation>
    </message>
    <message>
        <source>Written: “{words}”</source>
        <translation>文字：“{words}”</translation>
    </message>
    <message>
        <source>{number}. {words}</source>
        <translation>{number}. {words}</translation>
    </message>
    <message>
        <source>{words} × {weight}</source>
        <translation>{words} × {weight}</translation>
    </message>
</context>
<context>
    <name>RankingTools</name>
    <message>
        <source>Best match</source>
        <translation>最佳匹配</translation>
    </message>
    <message>
        <source>Fewer</source>
        <translation>更少</translation>
    </message>
    <message>
        <source>How closely results must match</source>
        <translation>结果必须多接近</translation>
    </message>
    <message>
        <source>Longest first</source>
        <translation>最长优先</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>最新优先</translation>
    </message>
    <message>
        <source>Oldest first</source>
        <translation>最早优先</translation>
    </message>
    <message>
        <source>Order and strictness</source>
        <translation>顺序和严格程度</translation>
    </message>
    <message>
        <source>Shortest first</source>
        <translation>最短优先</translation>
    </message>
    <message>
        <source>Sort by</source>
        <translation>排序方式</translation>
    </message>
</context>
<context>
    <name>ReadingStep</name>
    <message>
        <source>Always</source>
        <translation>始终</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Step 2 of 3</source>
        <translation>第 2 步，共 3 步</translation>
    </message>
    <message>
        <source>What is to be seen. An hour of video takes a few minutes.</source>
        <translation>画面内容。一小时视频需要几分钟。</translation>
    </message>
    <message>
        <source>What should Reelfind read?</source>
        <translation>Reelfind 应读取什么？</translation>
    </message>
    <message>
        <source>You can change this in the settings at any time. Indexing has begun already.</source>
        <translation>您可以随时在设置中更改。索引已经开始。</translation>
    </message>
</context>
<context>
    <name>Ready</name>
    <message numerus="yes">
        <source>%Ln videos</source>
        <translation>
            <numerusform>%Ln 个视频</numerusform>
        </translation>
    </message>
    <message>
        <source>Describe what you remember of a moment, or drop a picture.</source>
        <translation>描述您记得的片段，或放入一张图片。</translation>
    </message>
    <message>
        <source>Describe what you remember of a moment.</source>
        <translation>描述您记得的片段。</translation>
    </message>
    <message>
        <source>Try one of these:</source>
        <translation>试试这些：</translation>
    </message>
    <message>
        <source>What are you looking for?</source>
        <translation>您在找什么？</translation>
    </message>
    <message>
        <source>{time} in {videos} can be searched.</source>
        <translation>{videos}中有 {time} 可以搜索。</translation>
    </message>
</context>
<context>
    <name>RecommendedRow</name>
    <message>
        <source>Add {model}</source>
        <translation>添加 {model}</translation>
    </message>
    <message>
        <source>Adding {model}</source>
        <translation>正在添加 {model}</translation>
    </message>
    <message>
        <source>Add…</source>
        <translation>添加…</translation>
    </message>
    <message>
        <source>Continue…</source>
        <translation>继续…</translation>
    </message>
    <message>
        <source>Download and add</source>
        <translation>下载并添加</translation>
    </message>
    <message>
        <source>Install them with this command, then try again.</source>
        <translation>请用此命令安装，然后重试。</translation>
    </message>
    <message>
        <source>Its licence is {licence}.</source>
        <translation>其许可证为 {licence}。</translation>
    </message>
    <message>
        <source>Nobody publishes it ready-made: it is made on this computer, which needs torch.</source>
        <translation>没有人发布现成的版本：它要在这台电脑上制作，这需要 torch。</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>以后再说</translation>
    </message>
    <message>
        <source>This downloads about {size} once and then prepares the model on this computer, which takes some minutes. Nothing of yours is sent.</source>
        <translation>这会一次性下载约 {size}，然后在此电脑上准备模型，需要几分钟。不会发送您的任何内容。</translation>
    </message>
    <message>
        <source>To prepare a model, Reelfind needs {packages}, which are not installed.</source>
        <translation>准备模型需要 {packages}，但尚未安装。</translation>
    </message>
</context>
<context>
    <name>ResultsBar</name>
    <message numerus="yes">
        <source>%Ln moments</source>
        <translation>
            <numerusform>%Ln 个片段</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln selected</source>
        <translation>
            <numerusform>已选择 %Ln 个</numerusform>
        </translation>
    </message>
    <message>
        <source>By moment</source>
        <translation>按片段</translation>
    </message>
    <message>
        <source>By video</source>
        <translation>按视频</translation>
    </message>
    <message>
        <source>Clear selection</source>
        <translation>清除选择</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Favourite</source>
        <translation>收藏</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>隐藏</translation>
    </message>
    <message>
        <source>Tag…</source>
        <translation>标签…</translation>
    </message>
    <message numerus="yes">
        <source>{moments} in %Ln videos</source>
        <translation>
            <numerusform>%Ln 个视频中的{moments}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ResultsView</name>
    <message>
        <source>Found moments</source>
        <translation>找到的片段</translation>
    </message>
</context>
<context>
    <name>RunCard</name>
    <message numerus="yes">
        <source>%Ln videos are ready to search</source>
        <translation>
            <numerusform>%Ln 个视频可以搜索</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln videos to go</source>
        <translation>
            <numerusform>还剩 %Ln 个视频</numerusform>
        </translation>
    </message>
    <message>
        <source>Index now</source>
        <translation>立即索引</translation>
    </message>
    <message>
        <source>Indexing progress</source>
        <translation>索引进度</translation>
    </message>
    <message>
        <source>Look for new files</source>
        <translation>查找新文件</translation>
    </message>
    <message>
        <source>Looking through your folders</source>
        <translation>正在检查您的文件夹</translation>
    </message>
    <message>
        <source>Nothing to do</source>
        <translation>没有要做的事</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Paused: {what}</source>
        <translation>已暂停：{what}</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
</context>
<context>
    <name>SearchBar</name>
    <message>
        <source>Describe a moment, like “a dog running on the beach”</source>
        <translation>描述一个片段，例如“在海滩上奔跑的狗”</translation>
    </message>
    <message>
        <source>Filters</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Models…</source>
        <translation>模型…</translation>
    </message>
    <message>
        <source>Remove this search from the saved ones</source>
        <translation>从已保存的搜索中移除</translation>
    </message>
    <message>
        <source>Save this search…</source>
        <translation>保存此搜索…</translation>
    </message>
    <message>
        <source>Search with a picture…</source>
        <translation>用图片搜索…</translation>
    </message>
    <message>
        <source>Search your videos</source>
        <translation>搜索您的视频</translation>
    </message>
    <message>
        <source>Searching</source>
        <translation>正在搜索</translation>
    </message>
    <message>
        <source>Then: add what happens next</source>
        <translation>然后：添加接下来发生的事</translation>
    </message>
</context>
<context>
    <name>SearchCommands</name>
    <message>
        <source>Add what happens next</source>
        <translation>添加接下来发生的事</translation>
    </message>
    <message>
        <source>Add what is seen together with it</source>
        <translation>添加同时看到的内容</translation>
    </message>
    <message>
        <source>Clear filters</source>
        <translation>清除筛选</translation>
    </message>
    <message>
        <source>Clear recent searches</source>
        <translation>清除最近的搜索</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>清空搜索</translation>
    </message>
    <message>
        <source>Filter…</source>
        <translation>筛选…</translation>
    </message>
    <message>
        <source>Save or remove this search</source>
        <translation>保存或移除此搜索</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Search for what is on the clipboard</source>
        <translation>用剪贴板内容搜索</translation>
    </message>
    <message>
        <source>Search with a picture…</source>
        <translation>用图片搜索…</translation>
    </message>
    <message>
        <source>Show suggestions</source>
        <translation>显示建议</translation>
    </message>
</context>
<context>
    <name>SearchFlow</name>
    <message>
        <source>No clear match; these come closest.</source>
        <translation>没有明确的匹配；以下最为接近。</translation>
    </message>
    <message>
        <source>Nothing in your videos seems to match “{query}”. Closest below.</source>
        <translation>您的视频中似乎没有与“{query}”匹配的内容。以下最为接近。</translation>
    </message>
</context>
<context>
    <name>SearchOffers</name>
    <message>
        <source>Clear recent searches</source>
        <translation>清除最近的搜索</translation>
    </message>
    <message>
        <source>Files of a type</source>
        <translation>某种类型的文件</translation>
    </message>
    <message>
        <source>Filmed before this day</source>
        <translation>在这一天之前拍摄</translation>
    </message>
    <message>
        <source>Filmed in a place</source>
        <translation>在某地拍摄</translation>
    </message>
    <message>
        <source>Filmed on this day or later</source>
        <translation>在这一天或之后拍摄</translation>
    </message>
    <message>
        <source>Filmed with a camera or phone</source>
        <translation>用某台相机或手机拍摄</translation>
    </message>
    <message>
        <source>From one step to the next at most</source>
        <translation>两步之间最多相隔</translation>
    </message>
    <message>
        <source>In a collection</source>
        <translation>在某个合集中</translation>
    </message>
    <message>
        <source>In a folder</source>
        <translation>在某个文件夹中</translation>
    </message>
    <message>
        <source>Looks like a picture, a moment or a video</source>
        <translation>看起来像某张图片、片段或视频</translation>
    </message>
    <message>
        <source>Portrait, landscape, 4K, favourite …</source>
        <translation>纵向、横向、4K、收藏……</translation>
    </message>
    <message>
        <source>Videos at least this long</source>
        <translation>至少这么长的视频</translation>
    </message>
    <message>
        <source>Videos at most this long</source>
        <translation>至多这么长的视频</translation>
    </message>
    <message>
        <source>With a tag</source>
        <translation>带有某个标签</translation>
    </message>
    <message>
        <source>Words of a file’s name</source>
        <translation>文件名中的词</translation>
    </message>
    <message>
        <source>Words that are said, or stand in subtitles</source>
        <translation>说到的或字幕中的词</translation>
    </message>
    <message>
        <source>Words that are written in the picture</source>
        <translation>画面中写着的词</translation>
    </message>
</context>
<context>
    <name>Section</name>
    <message>
        <source>{section}, closed</source>
        <translation>{section}，已折叠</translation>
    </message>
    <message>
        <source>{section}, open</source>
        <translation>{section}，已展开</translation>
    </message>
</context>
<context>
    <name>SeekBar</name>
    <message numerus="yes">
        <source>%Ln moments found in this video</source>
        <translation>
            <numerusform>在此视频中找到 %Ln 个片段</numerusform>
        </translation>
    </message>
    <message>
        <source>End of the moment</source>
        <translation>片段终点</translation>
    </message>
    <message>
        <source>Position in the video</source>
        <translation>视频中的位置</translation>
    </message>
    <message>
        <source>Start of the moment</source>
        <translation>片段起点</translation>
    </message>
    <message>
        <source>{now} of {end}</source>
        <translation>{now} / {end}</translation>
    </message>
</context>
<context>
    <name>ServerName</name>
    <message>
        <source>on {server}</source>
        <translation>位于 {server}</translation>
    </message>
</context>
<context>
    <name>ServiceRow</name>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>Trying…</source>
        <translation>正在尝试…</translation>
    </message>
</context>
<context>
    <name>SettingRow</name>
    <message>
        <source>Reset “{setting}”</source>
        <translation>重置“{setting}”</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source> days</source>
        <translation> 天</translation>
    </message>
    <message>
        <source> min</source>
        <translation>分钟</translation>
    </message>
    <message>
        <source> s</source>
        <translation>秒</translation>
    </message>
    <message numerus="yes">
        <source>%Ln line(s)</source>
        <translation>
            <numerusform>%Ln 行</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln not readable</source>
        <translation>
            <numerusform>%Ln 个无法读取</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln video(s)</source>
        <translation>
            <numerusform>%Ln 个视频</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln video(s) to go</source>
        <translation>
            <numerusform>还剩 %Ln 个视频</numerusform>
        </translation>
    </message>
    <message>
        <source>A new or changed file is indexed once it has been left alone for so long.</source>
        <translation>新文件或更改过的文件在这段时间内没有变动后才会被索引。</translation>
    </message>
    <message>
        <source>Added models. Remove them under Models.</source>
        <translation>添加的模型。可在“模型”中移除。</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>CPU threads speed</source>
        <translation>CPU 线程 速度</translation>
    </message>
    <message>
        <source>Cache</source>
        <translation>缓存</translation>
    </message>
    <message>
        <source>Can be made or fetched again.</source>
        <translation>可以重新生成或下载。</translation>
    </message>
    <message>
        <source>Changes are noticed at once. This finds what the system did not report.</source>
        <translation>更改会立即被发现。这里查找系统没有报告的更改。</translation>
    </message>
    <message>
        <source>Changes at once.</source>
        <translation>立即生效。</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Clear the log? What went wrong so far can then no longer be looked up.</source>
        <translation>要清除日志吗？之后将无法再查看以前出过的问题。</translation>
    </message>
    <message>
        <source>Click a field and press other keys. Clear it to have no shortcut.</source>
        <translation>点击一个输入框并按下其他按键。清空则没有快捷键。</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>Compared with the size the system uses.</source>
        <translation>相对于系统使用的大小。</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Delete the kept frames? Switching to another model then decodes all videos again.</source>
        <translation>要删除保留的画面吗？切换到其他模型时将重新解码所有视频。</translation>
    </message>
    <message>
        <source>Down-rank clips that match everything</source>
        <translation>降低与什么都匹配的片段的排名</translation>
    </message>
    <message>
        <source>Fewer cores leave more for other programs. Applies to the next run.</source>
        <translation>使用的核心越少，留给其他程序的越多。从下次运行起生效。</translation>
    </message>
    <message>
        <source>File names can be in them. They stay here unless you send them to somebody.</source>
        <translation>其中可能有文件名。除非您发送给别人，否则它们只留在这里。</translation>
    </message>
    <message>
        <source>For switching to another model without decoding.</source>
        <translation>用于切换到其他模型而无需解码。</translation>
    </message>
    <message>
        <source>For videos in several languages. Takes longer by as many tracks.</source>
        <translation>适用于多语言视频。音轨越多耗时越长。</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>忘记</translation>
    </message>
    <message>
        <source>Forget all past searches? Saved searches stay.</source>
        <translation>要忘记所有搜索记录吗？已保存的搜索会保留。</translation>
    </message>
    <message>
        <source>Frames per second</source>
        <translation>每秒帧数</translation>
    </message>
    <message>
        <source>Helps where the same few clips come first for every query.</source>
        <translation>如果每次搜索都是相同的几个片段排在前面，这会有帮助。</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>高对比度</translation>
    </message>
    <message>
        <source>How closely videos are looked at. More finds shorter moments, but takes more time and room.</source>
        <translation>查看视频的细致程度。越高越能找到更短的片段，但需要更多时间和空间。</translation>
    </message>
    <message>
        <source>If a deleted file comes back within this time, it need not be indexed again.</source>
        <translation>如果已删除的文件在此期间恢复，则无需重新索引。</translation>
    </message>
    <message>
        <source>In videos and in files next to them. Costs next to nothing.</source>
        <translation>在视频内和旁边的文件中。几乎不耗时间。</translation>
    </message>
    <message>
        <source>Index, thumbnails, favourites, tags and past searches.</source>
        <translation>索引、缩略图、收藏、标签和搜索记录。</translation>
    </message>
    <message>
        <source>Indexing</source>
        <translation>索引</translation>
    </message>
    <message>
        <source>Indexing pauses on battery. A computer that does not tell counts as plugged in.</source>
        <translation>使用电池时暂停索引。不报告电源状态的电脑视为已接通电源。</translation>
    </message>
    <message>
        <source>It shows progress and opens the window.</source>
        <translation>它显示进度并可打开窗口。</translation>
    </message>
    <message>
        <source>Keep the sampled frames</source>
        <translation>保留采样的画面</translation>
    </message>
    <message>
        <source>Kept frames</source>
        <translation>保留的画面</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Language of the window</source>
        <translation>窗口的语言</translation>
    </message>
    <message>
        <source>Larger ones hear better and take longer. Another one listens to all videos again.</source>
        <translation>模型越大识别越好，耗时也越长。更换模型会重新听取所有视频。</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>资料库</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Like the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Listen to every sound track</source>
        <translation>听取每条音轨</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Log and crash reports</source>
        <translation>日志和崩溃报告</translation>
    </message>
    <message>
        <source>Look through all folders every</source>
        <translation>检查所有文件夹的间隔</translation>
    </message>
    <message>
        <source>Makes searching quick. Made again by itself.</source>
        <translation>加快搜索。会自动重新生成。</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>None yet</source>
        <translation>还没有</translation>
    </message>
    <message>
        <source>Nothing leaves this computer unless you let another one help with indexing or searching: no account, no statistics. Otherwise the network is used only when you download a model.</source>
        <translation>除非您让另一台电脑协助建立索引或搜索，否则没有任何内容离开此电脑：没有账户，没有统计。此外，只有下载模型时才会使用网络。</translation>
    </message>
    <message>
        <source>Nothing slides, fades or plays by itself.</source>
        <translation>不会有滑动、淡入或自动播放。</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>通知</translation>
    </message>
    <message>
        <source>Notify me when work ends</source>
        <translation>工作完成时通知我</translation>
    </message>
    <message>
        <source>OCR written</source>
        <translation>OCR 文字</translation>
    </message>
    <message>
        <source>One small picture for each frame that was looked at.</source>
        <translation>每个看过的画面一张小图。</translation>
    </message>
    <message>
        <source>Only while another window is in front.</source>
        <translation>仅在其他窗口位于前面时。</translation>
    </message>
    <message>
        <source>Only while plugged in</source>
        <translation>仅在接通电源时</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Open folder: {name}</source>
        <translation>打开文件夹：{name}</translation>
    </message>
    <message>
        <source>Outside these hours, indexing waits. “Index now” in the status bar does not.</source>
        <translation>在此时段之外，索引会等待。状态栏中的“立即索引”不会。</translation>
    </message>
    <message>
        <source>Past searches</source>
        <translation>搜索记录</translation>
    </message>
    <message>
        <source>Pictures and names are always searched. These bring more words; what costs time is off at first.</source>
        <translation>画面和名称总会被搜索。这些来源带来更多词语；耗时的来源最初是关闭的。</translation>
    </message>
    <message>
        <source>Preferences</source>
        <translation>偏好设置</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>隐私</translation>
    </message>
    <message>
        <source>Processor cores</source>
        <translation>处理器核心</translation>
    </message>
    <message>
        <source>Queries are understood in the languages of the model, whatever you choose here.</source>
        <translation>无论在此选择什么，搜索都按模型支持的语言来理解。</translation>
    </message>
    <message>
        <source>Ranking</source>
        <translation>排序</translation>
    </message>
    <message>
        <source>Reduce motion</source>
        <translation>减少动态效果</translation>
    </message>
    <message>
        <source>Remember deleted videos for</source>
        <translation>记住已删除的视频</translation>
    </message>
    <message>
        <source>Remember searches</source>
        <translation>记住搜索</translation>
    </message>
    <message>
        <source>Saved searches are not among them.</source>
        <translation>不包括已保存的搜索。</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Search index</source>
        <translation>搜索索引</translation>
    </message>
    <message>
        <source>Searching never waits for any of this.</source>
        <translation>搜索从不等待这些工作。</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Show an icon in the system tray</source>
        <translation>在系统托盘中显示图标</translation>
    </message>
    <message>
        <source>Signs, titles, slides. Takes about as long as indexing the pictures.</source>
        <translation>标牌、标题、幻灯片。耗时与索引画面差不多。</translation>
    </message>
    <message>
        <source>Sources</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Speech</source>
        <translation>语音</translation>
    </message>
    <message>
        <source>Speech model</source>
        <translation>语音模型</translation>
    </message>
    <message>
        <source>Speech models</source>
        <translation>语音模型</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>存储</translation>
    </message>
    <message>
        <source>Subtitles</source>
        <translation>字幕</translation>
    </message>
    <message>
        <source>Switching to another model then needs no decoding. Takes about 100 MB per hour of video.</source>
        <translation>这样切换到其他模型时无需解码。每小时视频约占 100 MB。</translation>
    </message>
    <message>
        <source>Text in pictures</source>
        <translation>画面中的文字</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>文字大小</translation>
    </message>
    <message>
        <source>The numbers that searches compare.</source>
        <translation>搜索时比较的数值。</translation>
    </message>
    <message>
        <source>They hear what people say.</source>
        <translation>它们识别人们说的话。</translation>
    </message>
    <message>
        <source>Thumbnails</source>
        <translation>缩略图</translation>
    </message>
    <message>
        <source>To offer them again below the search box. They stay in the library’s file.</source>
        <translation>用于在搜索框下方再次提供。它们保存在资料库文件中。</translation>
    </message>
    <message>
        <source>Wait for files to settle</source>
        <translation>等待文件写完</translation>
    </message>
    <message>
        <source>What decides which moments come first.</source>
        <translation>决定哪些片段排在前面。</translation>
    </message>
    <message>
        <source>What is known of your videos, with the next two in it.</source>
        <translation>关于您的视频的信息，包括下面两项。</translation>
    </message>
    <message>
        <source>What people say. Takes much longer than indexing the pictures; it runs last.</source>
        <translation>人们说的话。比索引画面耗时长得多；最后运行。</translation>
    </message>
    <message>
        <source>What pictures show</source>
        <translation>画面内容</translation>
    </message>
    <message>
        <source>What suits the model</source>
        <translation>适合模型的方式</translation>
    </message>
    <message>
        <source>What went wrong, for reporting it. Two megabytes at most.</source>
        <translation>出过的问题，便于报告。最多两兆字节。</translation>
    </message>
    <message>
        <source>What you chose for this computer.</source>
        <translation>您为此电脑选择的设置。</translation>
    </message>
    <message>
        <source>When to index</source>
        <translation>何时索引</translation>
    </message>
    <message>
        <source>Your videos are never changed, moved or copied.</source>
        <translation>您的视频绝不会被更改、移动或复制。</translation>
    </message>
    <message>
        <source>battery power laptop</source>
        <translation>电池 电源 笔记本</translation>
    </message>
    <message>
        <source>copy download seconds</source>
        <translation>复制 下载 秒</translation>
    </message>
    <message>
        <source>history recent</source>
        <translation>历史 最近</translation>
    </message>
    <message>
        <source>nothing yet</source>
        <translation>还没有</translation>
    </message>
    <message>
        <source>query bank hubness</source>
        <translation>查询库 枢纽</translation>
    </message>
    <message>
        <source>rate sampling</source>
        <translation>速率 采样</translation>
    </message>
    <message>
        <source>rescan</source>
        <translation>重新扫描</translation>
    </message>
    <message>
        <source>schedule hours night</source>
        <translation>计划 时间 夜间</translation>
    </message>
    <message>
        <source>scorer re-score</source>
        <translation>评分 重新评分</translation>
    </message>
    <message>
        <source>speech language audio</source>
        <translation>语音 语言 音频</translation>
    </message>
    <message>
        <source>srt captions</source>
        <translation>srt 字幕</translation>
    </message>
    <message>
        <source>whisper spoken said</source>
        <translation>whisper 说话 语音</translation>
    </message>
    <message>
        <source>whisper tiny base small</source>
        <translation>whisper tiny base small</translation>
    </message>
    <message>
        <source>{lines} from {videos}</source>
        <translation>{videos}中的 {lines}</translation>
    </message>
    <message>
        <source>{size} %</source>
        <translation>{size}%</translation>
    </message>
</context>
<context>
    <name>SettingsFlow</name>
    <message>
        <source>Open settings</source>
        <translation>打开设置</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Add folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Add, remove and switch the models that understand pictures and queries.</source>
        <translation>添加、移除和切换理解画面和搜索的模型。</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Categories</source>
        <translation>分类</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>No setting is about “{words}”.</source>
        <translation>没有关于“{words}”的设置。</translation>
    </message>
    <message>
        <source>Open models…</source>
        <translation>打开模型…</translation>
    </message>
    <message>
        <source>Search models</source>
        <translation>搜索模型</translation>
    </message>
    <message>
        <source>Search settings</source>
        <translation>搜索设置</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>They are in the side panel. Right-click one there to open or remove it.</source>
        <translation>它们在侧栏中。右键点击其中一个即可打开或移除。</translation>
    </message>
    <message>
        <source>Watched folders</source>
        <translation>受监视的文件夹</translation>
    </message>
</context>
<context>
    <name>ShortcutRow</name>
    <message>
        <source>Reset “{setting}”</source>
        <translation>重置“{setting}”</translation>
    </message>
    <message>
        <source>Shortcut: {command}</source>
        <translation>快捷键：{command}</translation>
    </message>
    <message>
        <source>The same keys belong to {commands}.</source>
        <translation>{commands} 使用相同的按键。</translation>
    </message>
</context>
<context>
    <name>ShortcutSheet</name>
    <message>
        <source>Back, or clear the search box</source>
        <translation>返回，或清空搜索框</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>From result to result</source>
        <translation>在结果之间移动</translation>
    </message>
    <message>
        <source>From the search box to the results</source>
        <translation>从搜索框到结果</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Moving around</source>
        <translation>移动</translation>
    </message>
    <message>
        <source>Play the chosen result</source>
        <translation>播放所选结果</translation>
    </message>
    <message>
        <source>To the next control, and back</source>
        <translation>到下一个控件，以及返回</translation>
    </message>
    <message>
        <source>You can change them in the settings.</source>
        <translation>您可以在设置中更改。</translation>
    </message>
</context>
<context>
    <name>SourceRow</name>
    <message>
        <source>Forget</source>
        <translation>忘记</translation>
    </message>
    <message>
        <source>Forget what was read: {source}</source>
        <translation>忘记读取的内容：{source}</translation>
    </message>
    <message>
        <source>Forget what was read? It can no longer be found. While this is on, it is read again, which takes as long as the first time.</source>
        <translation>要忘记读取的内容吗？之后将无法再找到。只要此项开启，就会重新读取，耗时与第一次相同。</translation>
    </message>
    <message>
        <source>Forget what was read…</source>
        <translation>忘记读取的内容…</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
</context>
<context>
    <name>SpanHandle</name>
    <message>
        <source>{name}: {time}</source>
        <translation>{name}：{time}</translation>
    </message>
</context>
<context>
    <name>StartFlow</name>
    <message>
        <source>Add the folder, then search in it.</source>
        <translation>请添加该文件夹，然后在其中搜索。</translation>
    </message>
    <message>
        <source>“{name}” is not in your library.</source>
        <translation>“{name}”不在您的资料库中。</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message numerus="yes">
        <source>%Ln videos · {time} ready to search</source>
        <translation>
            <numerusform>%Ln 个视频 · {time} 可以搜索</numerusform>
        </translation>
    </message>
    <message>
        <source>First look at</source>
        <translation>初步查看</translation>
    </message>
    <message>
        <source>Index now</source>
        <translation>立即索引</translation>
    </message>
    <message>
        <source>Indexing</source>
        <translation>索引</translation>
    </message>
    <message>
        <source>Indexing progress</source>
        <translation>索引进度</translation>
    </message>
    <message>
        <source>Listening to {n} of {m} videos</source>
        <translation>正在听取第 {n} / {m} 个视频</translation>
    </message>
    <message>
        <source>Pause indexing</source>
        <translation>暂停索引</translation>
    </message>
    <message>
        <source>Paused at</source>
        <translation>暂停于</translation>
    </message>
    <message>
        <source>Paused at {n} of {m} videos</source>
        <translation>暂停于第 {n} / {m} 个视频</translation>
    </message>
    <message>
        <source>Reading subtitles of {n} of {m} videos</source>
        <translation>正在读取第 {n} / {m} 个视频的字幕</translation>
    </message>
    <message>
        <source>Reading text in {n} of {m} videos</source>
        <translation>正在读取第 {n} / {m} 个视频中的文字</translation>
    </message>
    <message>
        <source>Reading {n} of {m} videos</source>
        <translation>正在读取第 {n} / {m} 个视频</translation>
    </message>
    <message>
        <source>Resume indexing</source>
        <translation>继续索引</translation>
    </message>
    <message>
        <source>Rough results, refining</source>
        <translation>已有粗略结果，正在细化</translation>
    </message>
    <message>
        <source>Show activity</source>
        <translation>显示活动</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>剩余 {time}</translation>
    </message>
    <message>
        <source>{verb} {n} of {m}</source>
        <translation>{verb} {n} / {m}</translation>
    </message>
</context>
<context>
    <name>SwitchButton</name>
    <message>
        <source>Cancel the switch</source>
        <translation>取消切换</translation>
    </message>
    <message>
        <source>Stay with the model in use; what is ready is kept</source>
        <translation>继续使用当前模型；已完成的部分会保留</translation>
    </message>
    <message>
        <source>Switch now</source>
        <translation>立即切换</translation>
    </message>
    <message>
        <source>Switching to {model}</source>
        <translation>正在切换到 {model}</translation>
    </message>
    <message>
        <source>Videos that are not ready yet are found once they are</source>
        <translation>尚未就绪的视频在就绪后即可找到</translation>
    </message>
</context>
<context>
    <name>Switching</name>
    <message>
        <source>Switching to {model}: {ready}</source>
        <translation>正在切换到 {model}：{ready}</translation>
    </message>
    <message>
        <source>{text} · the rest is not connected</source>
        <translation>{text} · 其余未连接</translation>
    </message>
    <message>
        <source>{text} · the rest waits for folders that are not connected</source>
        <translation>{text} · 其余等待未连接的文件夹</translation>
    </message>
    <message>
        <source>{text} · the rest waits for “{folder}”, which is not connected</source>
        <translation>{text} · 其余等待未连接的“{folder}”</translation>
    </message>
    <message>
        <source>{text}, paused</source>
        <translation>{text}，已暂停</translation>
    </message>
</context>
<context>
    <name>Transcript</name>
    <message>
        <source>Close the transcript (T)</source>
        <translation>关闭文字记录 (T)</translation>
    </message>
    <message>
        <source>Filter lines</source>
        <translation>筛选文字</translation>
    </message>
    <message>
        <source>Lines</source>
        <translation>文字行</translation>
    </message>
    <message>
        <source>No line has these words.</source>
        <translation>没有包含这些词的行。</translation>
    </message>
    <message>
        <source>Nothing is said or written in this video, as far as Reelfind has read it.</source>
        <translation>就 Reelfind 所读取的内容而言，此视频中没有人说话，也没有文字。</translation>
    </message>
    <message>
        <source>Transcript</source>
        <translation>文字记录</translation>
    </message>
    <message>
        <source>{time}, written in the picture: {text}</source>
        <translation>{time}，画面文字：{text}</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>Choose Quit in this menu to end it.</source>
        <translation>要结束它，请在此菜单中选择“退出”。</translation>
    </message>
    <message>
        <source>Open Reelfind</source>
        <translation>打开 Reelfind</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Reelfind</source>
        <translation>Reelfind</translation>
    </message>
    <message>
        <source>Reelfind goes on here</source>
        <translation>Reelfind 在这里继续运行</translation>
    </message>
    <message>
        <source>Reelfind · indexing, {share}</source>
        <translation>Reelfind · 正在索引，{share}</translation>
    </message>
</context>
<context>
    <name>UndoBar</name>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>VectorStoreRow</name>
    <message>
        <source>A Qdrant server can find the nearest clips of a library of thousands of hours. Enter its address and API key. Where it does not answer, this computer searches by itself.</source>
        <translation>对于数千小时的视频库，可由 Qdrant 服务器查找最接近的片段。请输入其地址和 API 密钥。如果它没有应答，本机会自行搜索。</translation>
    </message>
    <message>
        <source>API key</source>
        <translation>API 密钥</translation>
    </message>
    <message>
        <source>API key of the vector store</source>
        <translation>向量存储的 API 密钥</translation>
    </message>
    <message>
        <source>Address of the vector store</source>
        <translation>向量存储的地址</translation>
    </message>
    <message>
        <source>Test the connection to the vector store</source>
        <translation>测试与向量存储的连接</translation>
    </message>
    <message>
        <source>The vector store answers.</source>
        <translation>向量存储已应答。</translation>
    </message>
    <message>
        <source>Vector store</source>
        <translation>向量存储</translation>
    </message>
</context>
<context>
    <name>VideoArea</name>
    <message>
        <source>Open in system player</source>
        <translation>用系统播放器打开</translation>
    </message>
    <message>
        <source>Open in the system’s player</source>
        <translation>用系统播放器打开</translation>
    </message>
    <message>
        <source>Video</source>
        <translation>视频</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message numerus="yes">
        <source>%Ln videos</source>
        <translation>
            <numerusform>%Ln 个视频</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Add %Ln folders</source>
        <translation>
            <numerusform>添加 %Ln 个文件夹</numerusform>
        </translation>
    </message>
    <message>
        <source>Add folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Another folder…</source>
        <translation>其他文件夹…</translation>
    </message>
    <message>
        <source>Drop a folder of videos here</source>
        <translation>把视频文件夹拖到这里</translation>
    </message>
    <message>
        <source>Found on this computer:</source>
        <translation>在此电脑上找到：</translation>
    </message>
    <message>
        <source>Reelfind looks through it once. Then describe a moment, and it plays. Nothing leaves this computer.</source>
        <translation>Reelfind 只需查看一次。之后描述一个片段，它就会播放。没有任何内容离开此电脑。</translation>
    </message>
    <message>
        <source>Step 1 of 3</source>
        <translation>第 1 步，共 3 步</translation>
    </message>
    <message>
        <source>more than {videos}</source>
        <translation>超过 {videos}</translation>
    </message>
</context>
<context>
    <name>Whereabouts</name>
    <message>
        <source>Connect “{name}”</source>
        <translation>请连接“{name}”</translation>
    </message>
    <message>
        <source>Folder cannot be opened</source>
        <translation>文件夹无法打开</translation>
    </message>
    <message>
        <source>Its folder cannot be opened: check its permissions.</source>
        <translation>无法打开其所在文件夹：请检查权限。</translation>
    </message>
    <message>
        <source>No longer there</source>
        <translation>已不存在</translation>
    </message>
    <message>
        <source>The disk that holds “{name}” is not connected. Connect it to play this video.</source>
        <translation>存放“{name}”的磁盘未连接。请连接后播放此视频。</translation>
    </message>
    <message>
        <source>The disk “{name}” is not connected. Connect it to play this video.</source>
        <translation>磁盘“{name}”未连接。请连接后播放此视频。</translation>
    </message>
    <message>
        <source>The folder of “{name}” cannot be opened: check its permissions.</source>
        <translation>无法打开“{name}”所在的文件夹：请检查权限。</translation>
    </message>
    <message>
        <source>You have no permission to read “{name}”. Check its permissions.</source>
        <translation>您没有读取“{name}”的权限。请检查其权限。</translation>
    </message>
    <message>
        <source>“{name}” can’t be opened: it was moved, or its disk is not connected.</source>
        <translation>无法打开“{name}”：它已被移动，或其磁盘未连接。</translation>
    </message>
    <message>
        <source>“{name}” can’t be opened: {reason}.</source>
        <translation>无法打开“{name}”：{reason}。</translation>
    </message>
    <message>
        <source>“{name}” can’t be read: its disk reports an error. Check the disk.</source>
        <translation>无法读取“{name}”：其磁盘报告错误。请检查磁盘。</translation>
    </message>
    <message>
        <source>“{name}” is no longer there: it was moved or deleted.</source>
        <translation>“{name}”已不存在：它已被移动或删除。</translation>
    </message>
</context>
<context>
    <name>WindowCommands</name>
    <message>
        <source>Add a folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>General</source>
        <translation>常规</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Show activity</source>
        <translation>显示活动</translation>
    </message>
</context>
<context>
    <name>Working</name>
    <message>
        <source>Indexing your videos</source>
        <translation>正在索引您的视频</translation>
    </message>
    <message>
        <source>Step 3 of 3</source>
        <translation>第 3 步，共 3 步</translation>
    </message>
    <message>
        <source>You can search as soon as the first one is done.</source>
        <translation>第一个视频完成后即可搜索。</translation>
    </message>
</context>
<context>
    <name>WorkingNote</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Cancel: {what}</source>
        <translation>取消：{what}</translation>
    </message>
</context>
</TS>
